"""The site in a process of its own, in a home of its own, filled with the invented world."""

from __future__ import annotations

import http.client
import os
import socket
import subprocess
import sys
import time
from contextlib import closing, contextmanager
from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

PROJECT = Path(__file__).resolve().parents[2]
_START_S = 60.0
_SEED = "import django; django.setup(); from tests.web.world import build; build()"


@contextmanager
def running_site(home: Path, **variables: str) -> Iterator[str]:
    """Yield the address of a demonstration site; stopped on leaving."""
    environment = {
        **os.environ,
        "HYGIE_HOME": str(home),
        "HYGIE_DEMO": "1",
        "DJANGO_SETTINGS_MODULE": "hygie.config.settings",
        **variables,
    }
    environment.pop("DATABASE_URL", None)
    _run(["-m", "django", "migrate", "--verbosity", "0"], environment)
    _run(["-c", _SEED], environment)
    port = _free_port()
    command = [
        *(sys.executable, "-m", "gunicorn", "--no-control-socket", "--workers", "1"),
        *("--threads", "4", "--bind", f"127.0.0.1:{port}", "hygie.config.wsgi"),
    ]
    with (home / "site.log").open("wb") as log:
        site = subprocess.Popen(command, cwd=PROJECT, env=environment, stdout=log, stderr=log)
        try:
            _wait_for(port, site, home / "site.log")
            yield f"http://127.0.0.1:{port}"
        finally:
            site.terminate()
            site.wait(timeout=20)


def _run(arguments: list[str], environment: dict[str, str]) -> None:
    done = subprocess.run(
        [sys.executable, *arguments],
        cwd=PROJECT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(done.stderr[-2000:])


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_for(port: int, site: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + _START_S
    while time.monotonic() < deadline and site.poll() is None:
        with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=5)) as door:
            try:
                door.request("GET", "/mentions-legales/")
                if door.getresponse().status == HTTPStatus.OK:
                    return
            except OSError:
                time.sleep(0.1)
    raise RuntimeError(log.read_text()[-2000:])
