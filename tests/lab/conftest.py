from __future__ import annotations

import json
import socket
import ssl
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

from hygie.lab.state import Switchboard
from hygie.lab.thread import LabHandle, start_in_thread

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from hygie.lab.network import State

TIMEOUT_S = 5.0


@dataclass(frozen=True)
class Lab:
    """A running world, seen by a client who only knows the directory file."""

    handle: LabHandle
    switchboard: Switchboard
    directory: dict[str, Any]

    def place(self, service: str) -> tuple[str, int]:
        address, port = self.directory["services"][service]
        return address, port

    def connect(self, service: str, *, timeout_s: float = TIMEOUT_S) -> socket.socket:
        return socket.create_connection(self.place(service), timeout_s)

    def trusting(self) -> ssl.SSLContext:
        return ssl.create_default_context(cafile=self.directory["ca"])

    def connect_tls(self, service: str, context: ssl.SSLContext | None = None) -> ssl.SSLSocket:
        plain = self.connect(service)
        try:
            host = service.partition(":")[0]
            return (context or self.trusting()).wrap_socket(plain, server_hostname=host)
        except BaseException:
            plain.close()
            raise

    def turn(self, name: str, state: State) -> None:
        self.switchboard.turn(name, state)
        self.handle.settle()


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[LabHandle, Path]]:
    home = tmp_path_factory.mktemp("home")
    with start_in_thread(home) as handle:
        yield handle, home


@pytest.fixture
def lab(running: tuple[LabHandle, Path]) -> Iterator[Lab]:
    handle, home = running
    switchboard = Switchboard(home)
    yield Lab(handle, switchboard, json.loads(handle.directory_path.read_text()))
    switchboard.reset()
    handle.settle()
