"""A stop or a revocation written by anybody holds within a second, even for what is under way."""

from __future__ import annotations

import asyncio
import time
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from django.db import DatabaseError
from tests.domain.places import NOW, make_site
from tests.jobs.mute import MuteServer

from hygie.domain.estate.mandates import Line, Permission
from hygie.domain.estate.models import PerimeterKind
from hygie.engines.probing.errors import ForbiddenError, ProbeError, StoppedError
from hygie.engines.probing.network import LabNetwork
from hygie.jobs import ward as module
from hygie.jobs.ward import Standing, Ward, WardedNetwork, read_standing, under_ward

if TYPE_CHECKING:
    from collections.abc import Iterator

OPEN = Permission(
    valid_from=NOW.date().replace(day=1),
    valid_to=NOW.date().replace(day=30),
    days="1234567",
    from_hour=0,
    to_hour=24,
    revoked_at=None,
    time_zone="Europe/Paris",
    lines=(Line(PerimeterKind.DOMAIN, "essai.example"),),
    mandate_id=7,
)
SITES = {1: (OPEN,)}


def ward(standing: Standing = Standing()) -> Ward:  # noqa: B008 - frozen
    return Ward(SITES, lambda: NOW, standing)


def test_what_the_mandate_covers_leaves_and_nothing_else() -> None:
    ward().check("www.essai.example", "192.0.2.1", 443)
    ward().check("_spf.tiers.example", "", 53)  # a question to our own resolver
    with pytest.raises(ForbiddenError, match="aucun mandat ouvert"):
        ward().check("tiers.example", "198.51.100.7", 443)


def test_a_stop_is_told_apart_from_a_missing_mandate() -> None:
    with pytest.raises(StoppedError, match="arrêtée d’urgence"):
        ward(Standing(stopped=frozenset({1}))).check("essai.example", "192.0.2.1", 443)
    with pytest.raises(ForbiddenError) as refused:
        ward(Standing(revoked=frozenset({7}))).check("essai.example", "192.0.2.1", 443)
    assert refused.value.reason == "forbidden"


def test_an_expired_mandate_forbids_in_the_middle_of_a_round() -> None:
    moments = [NOW]
    kept = Ward(SITES, lambda: moments[-1], Standing())
    kept.check("essai.example", "192.0.2.1", 443)

    moments.append(NOW.replace(day=30))
    kept.close()

    assert kept.forbids("essai.example", "192.0.2.1")


def test_without_news_nothing_leaves(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "STALE_S", 0.01)
    monkeypatch.setattr(module, "NEWS_WAIT_S", 0.05)
    kept = ward()
    time.sleep(0.02)

    with pytest.raises(StoppedError, match="la base ne dit plus"):
        kept.check("essai.example", "192.0.2.1", 443)


def test_a_database_that_fails_is_no_good_news(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "STALE_S", 0.3)
    monkeypatch.setattr(module, "NEWS_WAIT_S", 0.1)
    monkeypatch.setattr(module.connection, "close", lambda: None)
    answers = iter([Standing()])

    def read(_: object) -> Standing:
        try:
            return next(answers)
        except StopIteration:
            raise DatabaseError from None

    monkeypatch.setattr(module, "read_standing", read)

    async def work(kept: Ward) -> None:
        await asyncio.sleep(0.4)
        kept.check("essai.example", "192.0.2.1", 443)

    with pytest.raises(StoppedError):
        under_ward(SITES, lambda: NOW, work)


@pytest.fixture
def mute() -> Iterator[MuteServer]:
    with MuteServer() as server:
        yield server


@pytest.mark.parametrize("standing", [Standing(stopped=frozenset({1})),
                                      Standing(revoked=frozenset({7}))])  # fmt: skip
def test_a_conversation_under_way_is_cut_within_a_second(
    standing: Standing, mute: MuteServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun = time.monotonic()
    forbidden_at = begun + 0.5
    monkeypatch.setattr(
        module,
        "read_standing",
        lambda _: standing if time.monotonic() > forbidden_at else Standing(),
    )
    ended: list[float] = []

    async def work(kept: Ward) -> None:
        services = {"essai.example:443": ["127.0.0.1", mute.port]}
        lab = LabNetwork({"dns": ["127.0.0.1", 9], "services": services}, guard=kept.check)
        network = WardedNetwork(lab, kept)
        cutter = asyncio.create_task(network.cut_what_is_forbidden())
        async with await network.open("essai.example", 443, address="127.0.0.1") as talk:
            assert await talk.read() == b""  # cut by us: the server never says anything
        ended.append(time.monotonic())
        with pytest.raises(ProbeError):
            await network.open("essai.example", 443, address="127.0.0.1")
        cutter.cancel()

    under_ward(SITES, lambda: NOW, work)

    assert 0.0 < ended[0] - forbidden_at < 1.0
    assert len(mute.accepted) == 1


def test_what_the_probes_raise_reaches_the_caller(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "read_standing", lambda _: Standing())

    async def work(_: Ward) -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        under_ward(SITES, lambda: NOW, work)


@pytest.mark.django_db
def test_the_database_is_asked_about_stops_and_revocations() -> None:
    from hygie.domain.estate.permits import Terms, revoke_mandate, sign_mandate
    from hygie.domain.surveillance.stopping import stop

    site = make_site()
    terms = Terms("Sacha", "a@b.example", NOW.date(), NOW.date(), NOW.date().replace(day=30))
    lines = [Line(PerimeterKind.DOMAIN, "essai.example")]
    mandate = sign_mandate(site, terms, lines, actor="essai", now=NOW)
    sites = {site.pk: (replace(OPEN, mandate_id=mandate.pk),)}
    assert read_standing(sites) == Standing()

    stop(site, reason="", actor="essai", now=NOW)
    revoke_mandate(mandate, actor="essai", now=NOW)

    assert read_standing(sites) == Standing(frozenset({site.pk}), frozenset({mandate.pk}))
