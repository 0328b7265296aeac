"""One port on loopback that can be open, closed or silent without ever changing its number."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import struct
from enum import Enum
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

LOOPBACK: Final = "127.0.0.1"
_RESET: Final = struct.pack("ii", 1, 0)


class Posture(Enum):
    """What a caller meets."""

    OPEN = "open"
    CLOSED = "closed"  # connection refused
    SILENT = "silent"  # no answer at all, as behind a dead line


class Door:
    """Hands each accepted socket to ``answer``; the caller of ``set`` decides the posture.

    A second socket, bound and never listening, keeps the number while the door is closed.

    Args:
        answer: called with the connected socket, which it owns from then on.
        port: a port to take, 0 for any.
    """

    def __init__(self, answer: Callable[[socket.socket], Awaitable[None]], port: int = 0) -> None:
        self._answer = answer
        self._holder = _bound(port)
        self.port: int = self._holder.getsockname()[1]
        self.posture = Posture.CLOSED
        self._listener: socket.socket | None = None
        self._fillers: list[socket.socket] = []
        self._conversations: set[asyncio.Task[None]] = set()

    async def set(self, posture: Posture) -> None:
        """Take a posture; calls already under way are cut unless the door stays open."""
        if posture is self.posture:
            return
        await self._shut()
        if posture is Posture.OPEN:
            self._listener = _bound(self.port)
            self._listener.listen(128)
            loop = asyncio.get_running_loop()
            loop.add_reader(self._listener, self._accept, self._listener)
        elif posture is Posture.SILENT:
            self._listener = _bound(self.port)
            self._listener.listen(0)
            self._fillers = [_calling(self.port) for _ in range(3)]
        self.posture = posture

    async def close(self) -> None:
        """Give the port back and end every conversation."""
        await self._shut()
        self.posture = Posture.CLOSED
        self._holder.close()

    async def _shut(self) -> None:
        if self._listener is not None:
            asyncio.get_running_loop().remove_reader(self._listener)
            self._listener.close()
            self._listener = None
        while self._fillers:
            self._fillers.pop().close()
        conversations = [*self._conversations]
        for conversation in conversations:
            conversation.cancel()
        await asyncio.gather(*conversations, return_exceptions=True)

    def _accept(self, listener: socket.socket) -> None:
        try:
            caller, _ = listener.accept()
        except (BlockingIOError, ConnectionError):  # gone before we looked
            return
        caller.settimeout(0)
        conversation = asyncio.get_running_loop().create_task(self._converse(caller))
        self._conversations.add(conversation)
        conversation.add_done_callback(self._conversations.discard)
        # Cancelled before its first step, a conversation closes nothing itself.
        conversation.add_done_callback(lambda _: caller.close())

    async def _converse(self, caller: socket.socket) -> None:
        # Callers hang up, stay mute or speak nonsense: the lab shrugs and takes the next one.
        with contextlib.suppress(OSError, EOFError, TimeoutError, asyncio.LimitOverrunError):
            await self._answer(caller)


def reset(caller: socket.socket) -> None:
    """Drop a connection as a machine does that lost it: the peer sees a reset."""
    with contextlib.suppress(OSError):
        caller.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
    caller.close()


def _bound(port: int) -> socket.socket:
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.settimeout(0)
    try:
        listener.bind((LOOPBACK, port))
    except OSError:
        listener.close()
        raise
    return listener


def _calling(port: int) -> socket.socket:
    """Take one place of a queue that nobody serves; once it is full, others hear nothing."""
    caller = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    caller.settimeout(0)
    caller.connect_ex((LOOPBACK, port))
    return caller
