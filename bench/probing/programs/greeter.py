"""Greet on many places: ``python greeter.py PLACES`` reads [[address, port, text]...].

One thread and epoll: what is measured beside it must not wait for it.
"""

from __future__ import annotations

import json
import resource
import selectors
import socket
import sys
from contextlib import suppress
from pathlib import Path

_ANSWERS = {
    b"EHLO": b"250-mx.example\r\n250-STARTTLS\r\n250 HELP\r\n",
    b"HELO": b"250 mx.example\r\n",
    b"QUIT": b"221 bye\r\n",
}


def main() -> None:
    """Listen everywhere, for ever."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    waiting = selectors.DefaultSelector()
    for address, port, text in json.loads(Path(sys.argv[1]).read_text()):
        listener = socket.create_server((address, port), backlog=64)
        listener.settimeout(0)
        waiting.register(listener, selectors.EVENT_READ, text.encode())
    while True:
        for key, _ in waiting.select():
            with suppress(OSError):
                _serve(waiting, key)


def _serve(waiting: selectors.BaseSelector, key: selectors.SelectorKey) -> None:
    line = key.fileobj
    if not isinstance(line, socket.socket):
        return
    if key.data:
        client, _ = line.accept()
        client.settimeout(0)
        waiting.register(client, selectors.EVENT_READ, None)
        client.send(key.data)
        return
    try:
        heard = line.recv(1_024)
    except OSError:
        heard = b""
    if heard:
        line.send(_ANSWERS.get(heard[:4].upper(), b"500 what\r\n"))
    else:
        waiting.unregister(line)
        line.close()


if __name__ == "__main__":
    main()
