from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest
from tests.domain.places import make_site

from hygie.domain.surveillance.actions import record_outcomes
from hygie.domain.surveillance.depth import Depth, depths
from hygie.domain.surveillance.models import Sighting
from hygie.domain.surveillance.replay import outcomes_since, with_memory
from hygie.engines.probing.passes import DEEP_EVERY
from hygie.vocabulary.facts import NotObserved, Observation

if TYPE_CHECKING:
    from hygie.domain.territory.models import Node

pytestmark = pytest.mark.django_db

NAME = "vpn.essai.example"
NOW = dt.datetime(2026, 11, 25, 3, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)
OPEN = {"open": True, "service": "rdp", "banner": ""}


def seen(
    at: dt.datetime, value: object = OPEN, probe: str = "tcp", port: int = 3389
) -> Observation:
    return Observation(f"{NAME}:{port}", probe, value, b"", at)  # type: ignore[arg-type]


def silent(at: dt.datetime, reason: str = "timeout") -> NotObserved:
    return NotObserved(f"{NAME}:3389", "tcp", reason, "muet", at)


def deep(at: dt.datetime) -> Observation:
    return seen(at, {"answers": False}, "udp", 123)


def depth(node: Node, now: dt.datetime = NOW) -> Depth:
    [found] = depths(node, [NAME], now=now)
    return found


def test_a_name_never_asked_in_depth_is_due() -> None:
    site = make_site()
    assert depth(site) == Depth(NAME, deep=True, silent=())


def test_a_name_asked_in_depth_rests_a_week_unless_it_changes() -> None:
    site = make_site()
    record_outcomes(site, [seen(NOW - DAY), deep(NOW - DAY)])
    assert not depth(site).deep
    assert depth(site, NOW + DEEP_EVERY).deep

    record_outcomes(site, [seen(NOW, {**OPEN, "banner": "autre"})])
    assert depth(site).deep


def test_a_port_seen_open_and_then_silent_is_named() -> None:
    site = make_site()
    record_outcomes(site, [seen(NOW - DAY), deep(NOW - DAY)])
    assert depth(site).silent == ()

    record_outcomes(site, [silent(NOW)])

    assert depth(site).silent == (3389,)


def test_a_port_that_was_never_open_is_not() -> None:
    site = make_site()
    record_outcomes(site, [silent(NOW)])

    assert depth(site).silent == ()


@pytest.mark.parametrize("reason", ["refused", "filtered"])
def test_what_strangers_no_longer_find_is_no_longer_current(reason: str) -> None:
    site = make_site()
    record_outcomes(site, [seen(NOW - DAY)])
    record_outcomes(site, [silent(NOW, reason)])

    assert not Sighting.objects.filter(current=True).exists()
    assert depth(site).silent == ()


def test_a_fast_night_keeps_what_the_deep_one_saw() -> None:
    site = make_site()
    record_outcomes(site, [seen(NOW - DAY), seen(NOW - DAY, {"sslv2": True}, "tls-depth", 443)])
    record_outcomes(site, [seen(NOW)])

    known = with_memory(site, outcomes_since(site, NOW))

    assert {outcome.probe for outcome in known} == {"tcp", "tls-depth"}
    assert {outcome.probe for outcome in outcomes_since(site, NOW)} == {"tcp"}


def test_a_deleted_name_is_no_target_reached() -> None:
    site = make_site()
    gone = Observation(NAME, "dns", {"exists": False}, b"", NOW)

    assert record_outcomes(site, [gone])["reached"] == 0
