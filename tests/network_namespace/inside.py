"""What is proved inside the namespace; ``test_no_packet_leaves`` makes it and runs this there."""

from __future__ import annotations

import asyncio
import datetime as dt
import os
import socket
import threading
from contextlib import suppress
from typing import TYPE_CHECKING

import pytest
from tests.domain.places import NOW
from tests.network_namespace import world
from tests.network_namespace.packets import Counting

from hygie.domain.estate.mandates import Line, Permission, allowing
from hygie.domain.estate.models import PerimeterKind
from hygie.engines.probing.network import InternetNetwork, allow_all
from hygie.engines.probing.observe import Target, observe_all
from hygie.engines.probing.politeness import Politeness
from hygie.jobs.ward import Standing, Ward, WardedNetwork
from hygie.vocabulary.facts import Observation

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Iterator

    from hygie.engines.probing.network import Guard, Network
    from hygie.vocabulary.facts import Outcome

pytestmark = pytest.mark.skipif(
    os.environ.get("HYGIE_TEST_NAMESPACE") != "1", reason="runs in a network namespace of its own"
)
NAMES = ("essai.example", "www.essai.example", "pivot.essai.example")
ESTATE = (*NAMES, "nuage.essai.example", world.LISTED, world.UNLISTED)
MANDATED = {world.INSIDE, world.LISTED, world.RESOLVER[0]}
MANDATE = Permission(
    valid_from=NOW.date(),
    valid_to=NOW.date() + dt.timedelta(days=30),
    days="1234567",
    from_hour=0,
    to_hour=24,
    revoked_at=None,
    time_zone="Europe/Paris",
    lines=(
        *(Line(PerimeterKind.HOST, name) for name in NAMES),
        Line(PerimeterKind.NETWORK, f"{world.LISTED}/32"),
    ),
)


@pytest.fixture(scope="module")
def names() -> Iterator[world.Names]:
    assert set(world.interfaces()) <= {"lo", "tunl0", "sit0", "ip6tnl0", "gre0", "gretap0"}
    world.furnish()
    with world.serving() as resolver:
        yield resolver


def internet(guard: Guard) -> InternetNetwork:
    politeness = Politeness(per_host=16, interval_s=0.0)
    return InternetNetwork(
        contact="essai", guard=guard, politeness=politeness, resolvers=[world.RESOLVER]
    )


async def under_mandate() -> list[Outcome]:
    """Put every question, the deep ones too, to what the mandate covers of the estate."""
    ward, over = Ward({1: [MANDATE]}, lambda: NOW, Standing()), threading.Event()
    news = threading.Thread(target=_tell, args=(ward, over), daemon=True)
    news.start()
    network = WardedNetwork(internet(ward.check), ward)
    covered = [name for name in ESTATE if allowing([MANDATE], name, NOW, name)]
    try:
        return await _observe([Target(name, deep=True) for name in covered], network)
    finally:
        over.set()


def _tell(ward: Ward, over: threading.Event) -> None:
    """Bring news as the thread that reads the database does."""
    while not over.wait(0.1):
        ward.tell(Standing())


async def _observe(targets: list[Target], network: Network) -> list[Outcome]:
    found = observe_all(targets, network, now=NOW, budget_s=4.0)
    return [outcome async for _, outcomes in found for outcome in outcomes]


def outside(seen: Counter[str]) -> dict[str, int]:
    return {to: count for to, count in seen.items() if to not in MANDATED}


def test_a_whole_observation_sends_nothing_outside_its_mandate(names: world.Names) -> None:
    counting = Counting()
    outcomes = asyncio.run(under_mandate())
    seen = counting.stop()

    assert outside(seen) == {}
    assert seen[world.INSIDE] > 300  # three names, some seventy ports each
    assert seen[world.LISTED] > 100
    assert names.asked["pivot.essai.example"] > 2  # it was asked again, and had moved
    assert names.asked["mx.dehors.example"] or names.asked["ns1.dehors.example"]
    assert {o.subject.split(":")[0] for o in outcomes} >= {*NAMES, world.LISTED}
    assert redirected(outcomes) == "http://piege.dehors.example/"
    print(f"packets: {dict(seen)}; names asked: {len(names.asked)}")


def redirected(outcomes: list[Outcome]) -> object:
    [page] = [o for o in outcomes if (o.probe, o.subject) == ("http", "www.essai.example:80")]
    return page.value["location"] if isinstance(page, Observation) else page


def test_nothing_is_sent_to_private_places_even_unguarded(names: world.Names) -> None:
    """InternetNetwork itself refuses what is not public, whatever a name resolves to."""
    places = ("10.66.0.1", "127.0.0.77", "169.254.169.254", "::1", "fe80::1", "::ffff:10.66.0.1")
    counting = Counting()
    targets = [Target(place, (80, 443)) for place in places]
    outcomes = asyncio.run(_observe(targets, internet(allow_all)))
    seen = counting.stop()

    assert outside(seen) == {}
    assert not any(isinstance(outcome, Observation) for outcome in outcomes)
    assert names


@pytest.mark.parametrize("address", [world.OUTSIDE, world.OUTSIDE_V6])
def test_the_counter_would_have_seen_one_packet(names: world.Names, address: str) -> None:
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    counting = Counting()
    with socket.socket(family) as line, suppress(OSError):
        line.settimeout(0.2)
        line.connect((address, 443))
    seen = counting.stop()

    assert seen[address] >= 1
    assert outside(seen)
    assert names
