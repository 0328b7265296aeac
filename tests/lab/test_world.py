from __future__ import annotations

import asyncio
import json
import socket
import time
from typing import TYPE_CHECKING

import pytest

from hygie.lab.network import State, load_network
from hygie.lab.state import Switchboard
from hygie.lab.thread import LabHandle, start_in_thread
from hygie.lab.world import LabWorld

if TYPE_CHECKING:
    from pathlib import Path

    from tests.lab.conftest import Lab


def test_the_directory_names_every_service_on_loopback(lab: Lab) -> None:
    services = load_network().services
    datagrams = {service.name for service in services if service.kind == "udp"}

    assert set(lab.directory["services"]) == {s.name for s in services} - datagrams
    assert set(lab.directory["datagrams"]) == datagrams | {"ns.registre.example:53"}
    assert lab.directory["dns"][0] == "127.0.0.1"
    assert {address for address, _ in lab.directory["services"].values()} == {"127.0.0.1"}


def test_the_directory_carries_the_authority_as_a_file_and_as_text(lab: Lab) -> None:
    with open(lab.directory["ca"]) as file:  # noqa: PTH123 - a path from JSON
        assert file.read() == lab.directory["roots"]


def test_two_worlds_live_side_by_side(tmp_path: Path) -> None:
    with start_in_thread(tmp_path / "one") as one, start_in_thread(tmp_path / "two") as two:
        first = json.loads(one.directory_path.read_text())["services"].values()
        second = json.loads(two.directory_path.read_text())["services"].values()

    assert not {tuple(place) for place in first} & {tuple(place) for place in second}


def test_an_asyncio_program_can_hold_it_itself(tmp_path: Path) -> None:
    async def scene() -> bytes:
        async with LabWorld(tmp_path) as world:
            place = world.services["mail.ch-val-hygie.example:25"]
            reader, writer = await asyncio.open_connection(*place)
            line = await reader.readline()
            writer.close()
            await writer.wait_closed()
            return line

    assert asyncio.run(scene()).startswith(b"220 mail.ch-val-hygie.example")


@pytest.mark.parametrize(
    ("weakness", "service"),
    [
        ("vpn-ch-val-hygie", "vpn.ch-val-hygie.example:443"),
        ("pacs-ch-val-hygie", "pacs.ch-val-hygie.example:11112"),
        ("rdp-ch-panacee", "tse.ch-panacee.example:3389"),
    ],
)
def test_a_target_that_is_down_says_nothing_at_all_then_comes_back(
    lab: Lab, weakness: str, service: str
) -> None:
    lab.turn(weakness, State.DOWN)
    with pytest.raises(TimeoutError):
        lab.connect(service, timeout_s=0.2)

    lab.turn(weakness, State.BROKEN)
    lab.connect(service).close()


def test_a_port_that_was_closed_as_the_repair_refuses(lab: Lab) -> None:
    with lab.connect("tse.ch-panacee.example:3389"):
        pass

    lab.turn("rdp-ch-panacee", State.FIXED)

    with pytest.raises(ConnectionRefusedError):
        lab.connect("tse.ch-panacee.example:3389")


def test_a_switch_turned_by_another_process_is_seen_without_being_asked(
    tmp_path: Path,
) -> None:
    with start_in_thread(tmp_path) as handle:
        services = json.loads(handle.directory_path.read_text())["services"]
        place = services["tse.ch-panacee.example:3389"]

        Switchboard(tmp_path).turn("rdp-ch-panacee", State.FIXED)

        assert _refuses_within(tuple(place), 2.0)


def test_a_damaged_switch_file_leaves_the_world_as_it_was(lab: Lab, handle_home: Path) -> None:
    lab.turn("vpn-ch-val-hygie", State.DOWN)
    (handle_home / "lab" / "state.json").write_text("{")

    lab.handle.settle()

    with pytest.raises(TimeoutError):
        lab.connect("vpn.ch-val-hygie.example:443", timeout_s=0.2)


def test_callers_who_leave_or_speak_nonsense_change_nothing(lab: Lab) -> None:
    names = set(lab.directory["services"]) - {"www.ehpad-capuchon.example:443"}  # closed

    for name in names:
        with lab.connect(name) as caller:
            caller.sendall(b"\x00\xff\r\n\r\n" * 3)

    for name in names:
        lab.connect(name).close()


def _refuses_within(place: tuple[str, int], limit_s: float) -> bool:
    end = time.monotonic() + limit_s
    while time.monotonic() < end:
        try:
            socket.create_connection(place, 1).close()
        except ConnectionRefusedError:
            return True
        except ConnectionResetError:  # caught in the act of closing
            continue
        time.sleep(0.01)
    return False


@pytest.fixture
def handle_home(running: tuple[LabHandle, Path]) -> Path:
    return running[1]
