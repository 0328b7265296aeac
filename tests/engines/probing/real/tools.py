"""Find the real servers and the peers; whatever is absent is said, never installed here."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

_FOLDERS: Final = ("/usr/sbin", "/sbin", "/usr/lib/openldap", "/usr/local/sbin")
_PEERS: Final = Path(
    os.environ.get("HYGIE_BENCH_PEERS") or Path(tempfile.gettempdir()) / "hygie-bench"
)
_START_S: Final = 15.0


def find(name: str) -> str | None:
    path = os.pathsep.join([os.environ.get("PATH", ""), *_FOLDERS])
    return shutil.which(name, path=path)


def need(name: str, package: str) -> str:
    """Return the path of a program, or skip and say which Debian package brings it."""
    found = find(name)
    if found is None:
        pytest.skip(f"{name} is absent here: apt-get install {package}")
    return found


def peer_python(environment: str, module: str) -> str | None:
    """Return the interpreter of an environment made by ``python -m bench probing``."""
    python = _PEERS / environment / "bin" / "python"
    if not python.exists():
        return None
    done = subprocess.run([python, "-c", f"import {module}"], check=False, capture_output=True)
    return None if done.returncode else str(python)


def need_peer(environment: str, module: str) -> str:
    found = peer_python(environment, module)
    if found is None:
        pytest.skip(f"{module} has no environment here: `python -m bench probing` makes it")
    return found


def free_port(kind: int = socket.SOCK_STREAM) -> int:
    with socket.socket(socket.AF_INET, kind) as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


def answers(port: int) -> bool:
    with socket.socket() as client:
        client.settimeout(0.5)
        return client.connect_ex(("127.0.0.1", port)) == 0


@contextmanager
def running(
    command: Sequence[str | Path],
    *ports: int,
    folder: Path,
    environment: Mapping[str, str] | None = None,
    speaks_first: bool = False,
) -> Iterator[None]:
    """Run a server that stays in the foreground until every port of ``ports`` listens."""
    name = Path(command[0]).name
    log = folder / f"{name}-{ports[0] if ports else 0}.log"
    with log.open("wb") as out:
        process = subprocess.Popen(
            [str(part) for part in command],
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
            cwd=folder,
            env={**os.environ, **(environment or {})},
            start_new_session=True,
        )
    try:
        _wait(process, ports, log, knock=not speaks_first)
        yield
    finally:
        _stop(process)


def _wait(
    process: subprocess.Popen[bytes], ports: Sequence[int], log: Path, *, knock: bool
) -> None:
    end = time.monotonic() + _START_S
    waiting = list(ports)
    while waiting and time.monotonic() < end:
        if process.poll() is not None:
            break
        waiting = [port for port in waiting if not (answers(port) if knock else listens(port))]
        time.sleep(0.02)
    if waiting:
        pytest.fail(f"{log.stem} did not start: {log.read_text(errors='replace')[-2000:]}")


def listens(port: int) -> bool:
    """Tell without connecting: a server that serves one call must not lose it to us."""
    rows = Path("/proc/net/tcp").read_text().splitlines()[1:]
    wanted = f":{port:04X}"
    return any(row.split()[1].endswith(wanted) and row.split()[3] == "0A" for row in rows)


def _stop(process: subprocess.Popen[bytes]) -> None:
    """End the process and those it started: all are of its own session."""
    for signal_number in (15, 9):
        try:
            os.killpg(process.pid, signal_number)
        except ProcessLookupError:
            return
        try:
            process.wait(3)
        except subprocess.TimeoutExpired:
            continue
