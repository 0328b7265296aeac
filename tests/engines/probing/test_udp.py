from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.engines.probing.peers import HOST, NOW, lab, run
from tests.engines.probing.test_reach import datagrams
from tests.engines.probing.test_udp_questions import GOOD, MEMCACHED, NTP

from hygie.engines.probing import udp
from hygie.engines.probing.errors import ProtocolError

if TYPE_CHECKING:
    from collections.abc import Callable

    from hygie.vocabulary.facts import Observation


async def observe(port: int, answer: Callable[[bytes], bytes | None]) -> Observation:
    async with datagrams(answer) as number:
        network = lab({}, datagrams={f"{HOST}:{port}": ["127.0.0.1", number]})
        return await udp.observe(HOST, port, network, now=NOW)


@pytest.mark.parametrize("port", sorted(set(GOOD) - {53, 5353}))
def test_a_service_that_answers_a_stranger_is_a_fact(port: int) -> None:
    seen = run(observe(port, lambda _: GOOD[port][0]))

    assert seen.value["answers"] is True
    assert seen.value["detail"] == GOOD[port][1]
    assert seen.evidence == GOOD[port][0]


def test_what_one_byte_brings_back_is_counted() -> None:
    seen = run(observe(123, lambda _: NTP * 10))

    assert seen.value["amplification"] == 10


def test_a_product_goes_to_the_matcher() -> None:
    seen = run(observe(11211, lambda _: MEMCACHED))

    assert (seen.product, seen.version) == ("memcached/memcached", "1.5.5")


def test_a_machine_that_says_nothing_listens_is_an_answer() -> None:
    value = run(udp.observe(HOST, 123, lab({}), now=NOW)).value

    assert value == {"answers": False, "service": "ntp", "detail": "", "amplification": None}


def test_nonsense_is_not_that_service() -> None:
    assert run(observe(123, lambda _: b"?")).value["answers"] is False


def test_a_lost_datagram_is_sent_once_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hygie.engines.probing.reach.DATAGRAM_TIMEOUT_S", 0.1)
    heard: list[bytes] = []

    def second(data: bytes) -> bytes | None:
        heard.append(data)
        return NTP if len(heard) > 1 else None

    assert run(observe(123, second)).value["answers"] is True


def test_silence_is_not_an_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hygie.engines.probing.reach.DATAGRAM_TIMEOUT_S", 0.05)

    with pytest.raises(TimeoutError):
        run(observe(123, lambda _: None))


def test_a_port_without_a_question_is_not_asked() -> None:
    with pytest.raises(ProtocolError):
        run(udp.observe(HOST, 69, lab({}), now=NOW))
