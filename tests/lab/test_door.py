from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from hygie.lab.door import LOOPBACK, Door, Posture

if TYPE_CHECKING:
    import socket


async def hello(caller: socket.socket) -> None:
    with caller:
        await asyncio.get_running_loop().sock_sendall(caller, b"bonjour")


async def call(port: int, timeout_s: float = 2.0) -> bytes:
    async with asyncio.timeout(timeout_s):
        reader, writer = await asyncio.open_connection(LOOPBACK, port)
        try:
            return await reader.read()
        finally:
            writer.close()
            await writer.wait_closed()


def test_an_open_door_answers_and_a_closed_one_refuses_on_the_same_port() -> None:
    async def scene() -> None:
        door = Door(hello)
        port = door.port
        try:
            for _ in range(3):
                await door.set(Posture.OPEN)
                assert await call(port) == b"bonjour"
                await door.set(Posture.CLOSED)
                with pytest.raises(ConnectionRefusedError):
                    await call(port)
        finally:
            await door.close()
        assert door.port == port

    asyncio.run(scene())


def test_a_silent_door_says_nothing_at_all_and_opens_again() -> None:
    async def scene() -> None:
        door = Door(hello)
        try:
            await door.set(Posture.SILENT)
            with pytest.raises(TimeoutError):
                await call(door.port, timeout_s=0.3)
            await door.set(Posture.OPEN)
            assert await call(door.port) == b"bonjour"
        finally:
            await door.close()

    asyncio.run(scene())


def test_closing_ends_the_conversations_under_way() -> None:
    async def mute(caller: socket.socket) -> None:
        with caller:
            await asyncio.Event().wait()

    async def scene() -> None:
        door = Door(mute)
        await door.set(Posture.OPEN)
        reader, writer = await asyncio.open_connection(LOOPBACK, door.port)
        await asyncio.sleep(0.02)
        await door.close()
        assert await reader.read() == b""
        writer.close()
        await writer.wait_closed()

    asyncio.run(scene())


def test_a_caller_who_makes_the_server_fail_does_not_end_the_service() -> None:
    async def broken(caller: socket.socket) -> None:
        caller.close()
        raise ConnectionResetError

    async def scene() -> None:
        door = Door(broken)
        try:
            await door.set(Posture.OPEN)
            assert await call(door.port) == b""
            assert await call(door.port) == b""
        finally:
            await door.close()

    asyncio.run(scene())
