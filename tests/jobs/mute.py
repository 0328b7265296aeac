"""A server on loopback that accepts, keeps the time of everything, and never says a word."""

from __future__ import annotations

import selectors
import socket
import threading
import time
from typing import Self


class MuteServer:
    """Accept connections until the block ends; the lists hold monotonic times."""

    def __init__(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=512)
        self.port = self._listener.getsockname()[1]
        self.accepted: list[float] = []
        self.received: list[float] = []
        self.closed: list[float] = []
        self.open_now = 0
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._serve, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()
        self._listener.close()

    def _serve(self) -> None:
        with selectors.DefaultSelector() as waiting:
            self._listener.settimeout(0)
            waiting.register(self._listener, selectors.EVENT_READ)
            while not self._stop.is_set():
                for key, _ in waiting.select(0.05):
                    if key.fileobj is self._listener:
                        made, _ = self._listener.accept()
                        self.accepted.append(time.monotonic())
                        waiting.register(made, selectors.EVENT_READ)
                        self.open_now += 1
                    else:
                        self._read(waiting, key.fileobj)  # type: ignore[arg-type]
            for key in list(waiting.get_map().values()):
                if key.fileobj is not self._listener:
                    key.fileobj.close()  # type: ignore[union-attr]

    def _read(self, waiting: selectors.BaseSelector, made: socket.socket) -> None:
        try:
            data = made.recv(65536)
        except ConnectionError:
            data = b""
        if data:
            self.received.append(time.monotonic())
            return
        waiting.unregister(made)
        made.close()
        self.open_now -= 1
        self.closed.append(time.monotonic())
