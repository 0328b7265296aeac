"""The invented world in a thread of its own, for tests and for the demonstration."""

from __future__ import annotations

import asyncio
import threading
from typing import TYPE_CHECKING, Final

from hygie.lab.world import LabWorld

if TYPE_CHECKING:
    from pathlib import Path
    from types import TracebackType
    from typing import Self

_START_S: Final = 30.0


class LabHandle:
    """A running world; leave the ``with`` or call ``stop`` to end it."""

    def __init__(self, home: Path) -> None:
        self._world = LabWorld(home)
        self._ready = threading.Event()
        self._error: BaseException | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._end: asyncio.Event | None = None
        self._thread = threading.Thread(target=self._run, name="hygie-lab", daemon=True)

    @property
    def directory_path(self) -> Path:
        """Where the directory file is, ``<home>/lab/network.json``."""
        return self._world.directory_path

    def start(self) -> None:
        """Return once every service answers.

        Raises:
            OSError: if the world cannot start.
        """
        self._thread.start()
        if not self._ready.wait(_START_S):
            raise TimeoutError("the lab does not start")
        if self._error is not None:
            self._thread.join()
            raise self._error

    def settle(self) -> None:
        """Return once every port is open or closed as the switches say."""
        if self._loop is not None:
            asyncio.run_coroutine_threadsafe(self._world.settle(), self._loop).result(_START_S)

    def stop(self) -> None:
        """End the world; harmless when it has ended."""
        if self._loop is not None and self._end is not None and self._thread.is_alive():
            self._loop.call_soon_threadsafe(self._end.set)
        self._thread.join()

    def __enter__(self) -> Self:
        """Return itself, already started."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End the world."""
        self.stop()

    def _run(self) -> None:
        try:
            asyncio.run(self._live())
        except BaseException as error:  # noqa: BLE001 - handed to the thread that starts us
            self._error = error
        finally:
            self._ready.set()

    async def _live(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._end = asyncio.Event()
        async with self._world:
            self._ready.set()
            await self._end.wait()


def start_in_thread(home: Path) -> LabHandle:
    """Start the world under ``home`` and return once every service answers.

    Raises:
        OSError: if it cannot start.
    """
    handle = LabHandle(home)
    handle.start()
    return handle
