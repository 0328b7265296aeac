from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from tests.engines.probing.peers import HOST, NO_DNS, answering, lab, run, serving

from hygie.engines.probing.dnsclient import DnsAnswer
from hygie.engines.probing.errors import ForbiddenError, StoppedError, UnresolvedError
from hygie.engines.probing.network import (
    InternetNetwork,
    LabNetwork,
    allow_all,
    check_public,
    user_agent,
)
from hygie.vocabulary.errors import InputError

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    "address",
    [
        *("10.0.0.1", "127.0.0.1", "169.254.169.254", "172.16.0.1", "192.168.1.1", "0.0.0.1"),
        *("100.64.0.1", "192.0.2.1", "224.0.0.1", "240.0.0.1", "255.255.255.255"),
        *("::1", "::", "fe80::1", "fc00::1", "ff02::1", "2001:db8::1"),
        *("::ffff:127.0.0.1", "64:ff9b::a00:1", "2002:7f00:1::", "2001:0:c000:201::f5ff:fffe"),
    ],
)
def test_addresses_that_are_not_public_are_refused(address: str) -> None:
    with pytest.raises(ForbiddenError):
        check_public(address)


@pytest.mark.parametrize("address", ["193.252.19.3", "2001:4860:4860::8888", "::ffff:9.9.9.9"])
def test_public_addresses_pass(address: str) -> None:
    check_public(address)


class RebindingNetwork(InternetNetwork):
    """A name whose address changes each time it is asked."""

    answers = ("193.252.19.3", "127.0.0.1")
    asked = 0

    async def query(
        self,
        name: str,  # noqa: ARG002
        rdtype: str,
        *,
        checking_disabled: bool = False,  # noqa: ARG002
    ) -> DnsAnswer:
        if rdtype != "A":
            return DnsAnswer("NOERROR")
        self.asked += 1
        return DnsAnswer("NOERROR", (self.answers[min(self.asked, 2) - 1],))


def test_a_name_that_turns_to_loopback_is_refused_at_connection() -> None:
    network = RebindingNetwork(contact="", guard=allow_all)

    async def scenario() -> None:
        assert await network.resolve("piege.example") == ("193.252.19.3",)
        with pytest.raises(ForbiddenError):
            await network.open("piege.example", 80)

    run(scenario())


def test_an_address_given_by_the_caller_is_checked_as_well() -> None:
    network = InternetNetwork(contact="", guard=allow_all)

    with pytest.raises(ForbiddenError):
        run(network.open("ch.example", 80, address="10.0.0.1"))


def test_the_guard_is_asked_before_a_question_and_before_a_connection() -> None:
    said: list[tuple[str, str, int]] = []

    def guard(host: str, address: str, port: int) -> None:
        said.append((host, address, port))
        raise StoppedError("surveillance arrêtée")

    network = InternetNetwork(contact="", guard=guard)
    for call in (
        network.query("ch.example", "A"),
        network.open("ch.example", 443, address="9.9.9.9"),
    ):
        with pytest.raises(StoppedError):
            run(call)

    assert said == [("ch.example", "", 53), ("ch.example", "9.9.9.9", 443)]


def test_the_guard_of_the_lab_knows_the_names_of_the_lab() -> None:
    said: list[tuple[str, str, int]] = []

    async def scenario() -> None:
        async with serving(answering(b"hello", after=0)) as port:
            directory = {"dns": NO_DNS, "services": {f"{HOST}:21": ["127.0.0.1", port]}}
            network = LabNetwork(directory, guard=lambda *place: said.append(place))
            async with await network.open(HOST, 21, address="198.51.100.7") as connection:
                assert await connection.read_exactly(5) == b"hello"

    run(scenario())
    assert set(said) == {(HOST, "198.51.100.7", 21)}


def test_an_unmapped_port_of_the_lab_is_closed() -> None:
    with pytest.raises(ConnectionRefusedError):
        run(lab({}).open(HOST, 443))


def test_an_address_resolves_to_itself_and_an_unknown_name_to_nothing() -> None:
    class Empty(InternetNetwork):
        async def query(
            self,
            name: str,  # noqa: ARG002
            rdtype: str,  # noqa: ARG002
            *,
            checking_disabled: bool = False,  # noqa: ARG002
        ) -> DnsAnswer:
            return DnsAnswer("NXDOMAIN")

    network = Empty(contact="", guard=allow_all)
    assert run(network.resolve("[2001:db8::1]")) == ("2001:db8::1",)
    with pytest.raises(UnresolvedError):
        run(network.resolve("absent.example"))


@pytest.mark.parametrize(
    "directory",
    [
        pytest.param([], id="a list"),
        pytest.param({"services": {}}, id="no DNS"),
        pytest.param({"dns": ["127.0.0.1"], "services": {}}, id="no port"),
        pytest.param({"dns": NO_DNS, "services": {"a:1": ["193.252.19.3", 80]}}, id="not loopback"),
        pytest.param({"dns": NO_DNS, "services": {"a:1": "127.0.0.1:80"}}, id="text"),
        pytest.param({"dns": NO_DNS, "services": {}, "ca": "/absent.pem"}, id="no authority"),
    ],
)
def test_a_directory_of_another_shape_is_refused(directory: object) -> None:
    with pytest.raises(InputError):
        LabNetwork(directory)


def test_the_directory_file_is_read_or_says_what_to_do(tmp_path: Path) -> None:
    path = tmp_path / "network.json"
    with pytest.raises(InputError, match="pas démarré"):
        LabNetwork.from_file(path)
    path.write_text("{")
    with pytest.raises(InputError, match="illisible"):
        LabNetwork.from_file(path)
    path.write_text(json.dumps({"dns": NO_DNS, "services": {}}))

    assert LabNetwork.from_file(path).user_agent.startswith("Hygie/")


def test_we_say_who_we_are() -> None:
    assert user_agent("https://hygie.example/qui").endswith(" (+https://hygie.example/qui)")
