from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest
from tests.cli.running import hygie

from hygie.cli import gunicorn


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


def fetch(address: str, process: subprocess.Popen[bytes]) -> int:
    for _ in range(200):
        try:
            with urllib.request.urlopen(address, timeout=10) as answer:  # noqa: S310 - loopback
                return int(answer.status)
        except urllib.error.URLError:
            assert process.poll() is None, "the site stopped"
            time.sleep(0.1)
    raise AssertionError("the site does not answer")


@pytest.mark.slow
def test_the_site_is_served_and_stops_when_told(tmp_path: Path) -> None:
    assert hygie("migrate", home=tmp_path).returncode == 0
    port = free_port()
    kept = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    with subprocess.Popen(
        [sys.executable, "-m", "hygie", "serve", "--port", str(port), "--workers", "1"],
        env=kept | {"HYGIE_HOME": str(tmp_path)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as process:
        try:
            assert fetch(f"http://127.0.0.1:{port}/", process) == 200
        finally:
            process.send_signal(signal.SIGTERM)
        assert process.wait(20) == 0


def test_gunicorn_hears_our_options_only() -> None:
    site = gunicorn._Site({"bind": "127.0.0.1:1", "workers": 3})

    assert (site.cfg.bind, site.cfg.workers) == (["127.0.0.1:1"], 3)
