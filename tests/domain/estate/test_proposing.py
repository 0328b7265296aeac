"""What is proposed allows nothing; what the direction signs is what was proposed."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from django.utils import timezone
from tests.web.world import World, build

from hygie.domain.estate import proposing
from hygie.domain.estate.mandates import Line
from hygie.domain.estate.models import Mandate, MandateProposal
from hygie.domain.estate.perimeter import PerimeterError
from hygie.domain.estate.permits import MandateError, Terms
from hygie.domain.journal.models import Entry
from hygie.domain.outbox.models import Mail
from hygie.domain.people.models import Notice

NOW = timezone.now()
TODAY = timezone.localdate(NOW)
TERMS = Terms(
    signatory="",
    contact="astreinte@exemple.example",
    signed_on=TODAY,
    valid_from=TODAY,
    valid_to=TODAY + dt.timedelta(days=90),
    days="12345",
    from_hour=8,
    to_hour=18,
)
PERIMETER = [Line("domain", "CH-Aurore.example"), Line("network", "8.8.8.8/32")]


@pytest.fixture
def world(db: None) -> World:  # noqa: ARG001 - opens the database
    return build()


@pytest.fixture
def waiting(world: World) -> MandateProposal:
    return proposing.propose_mandate(
        world.nodes["own"], TERMS, PERIMETER, by=world.users["rssi"], now=NOW
    )


def test_nothing_is_probed_before_the_signature(world: World, waiting: MandateProposal) -> None:
    assert waiting.perimeter == [["domain", "ch-aurore.example"], ["network", "8.8.8.8"]]
    assert Mandate.objects.filter(node=world.nodes["own"]).count() == 1  # the world's own
    said = Entry.objects.order_by("-sequence")[0]
    assert (said.action, said.actor) == ("mandate.proposed", world.users["rssi"].email)


def test_what_is_signed_is_what_was_proposed(world: World, waiting: MandateProposal) -> None:
    director = world.users["director"]

    mandate = proposing.sign_proposal(
        waiting, function=" Directrice  générale", by=director, now=NOW
    )

    assert mandate.signatory == "Personne director, Directrice générale"
    assert mandate.signed_on == TODAY
    assert {line.value for line in mandate.perimeter.all()} == {"ch-aurore.example", "8.8.8.8"}
    assert (mandate.days, mandate.from_hour, mandate.to_hour) == ("12345", 8, 18)
    said = Entry.objects.order_by("-sequence")[0]
    assert (said.action, said.actor) == ("mandate.signed", director.email)


@pytest.mark.parametrize("by", ["rssi", "ght_rssi", "ars", "admin", "neighbour_rssi"])
def test_only_the_direction_signs(by: str, world: World, waiting: MandateProposal) -> None:
    with pytest.raises(MandateError, match="seule la direction"):
        proposing.sign_proposal(waiting, function="RSSI", by=world.users[by], now=NOW)
    waiting.refresh_from_db()
    assert waiting.mandate is None


def test_a_proposal_ends_once(world: World, waiting: MandateProposal) -> None:
    director = world.users["director"]
    proposing.close_proposal(waiting, by=director, now=NOW)

    for act in (
        lambda: proposing.sign_proposal(waiting, function="x", by=director, now=NOW),
        lambda: proposing.close_proposal(waiting, by=director, now=NOW),
    ):
        with pytest.raises(MandateError, match="n’attend plus"):
            act()
    assert Entry.objects.order_by("-sequence")[0].action == "mandate.declined"


@pytest.mark.parametrize(
    ("by", "place"),
    [("ars", "own"), ("rssi", "neighbour"), ("rssi", "ej-a"), ("ght_rssi", "ght-a")],
)
def test_who_neither_signs_nor_runs_the_estate_asks_for_nothing(
    by: str, place: str, world: World
) -> None:
    before = MandateProposal.objects.count()

    with pytest.raises(MandateError):
        proposing.propose_mandate(world.nodes[place], TERMS, PERIMETER, by=world.users[by], now=NOW)

    assert MandateProposal.objects.count() == before


@pytest.mark.parametrize(
    "changed",
    [
        pytest.param({"valid_to": TODAY}, id="over"),
        pytest.param({"days": ""}, id="no day"),
        pytest.param({"contact": " "}, id="nobody to call"),
    ],
)
def test_what_allows_nothing_is_not_proposed(changed: dict[str, object], world: World) -> None:
    with pytest.raises(MandateError):
        proposing.propose_mandate(
            world.nodes["own"], replace(TERMS, **changed), PERIMETER,
            by=world.users["rssi"], now=NOW,
        )  # fmt: skip


def test_a_public_suffix_is_not_proposed(world: World) -> None:
    with pytest.raises(PerimeterError):
        proposing.propose_mandate(
            world.nodes["own"], TERMS, [Line("domain", "gouv.fr")],
            by=world.users["rssi"], now=NOW,
        )  # fmt: skip


def test_a_proposal_signed_too_late_allows_nothing(world: World, waiting: MandateProposal) -> None:
    late = NOW + dt.timedelta(days=91)

    with pytest.raises(MandateError, match="déjà fini"):
        proposing.sign_proposal(waiting, function="x", by=world.users["director"], now=late)


@pytest.mark.parametrize("function", ["", "  ", "x" * 81])
def test_who_signs_says_in_what_capacity(
    function: str, world: World, waiting: MandateProposal
) -> None:
    with pytest.raises(MandateError, match="votre fonction"):
        proposing.sign_proposal(waiting, function=function, by=world.users["director"], now=NOW)


def test_who_must_act_is_told_once(world: World, waiting: MandateProposal) -> None:
    director, rssi = world.users["director"], world.users["rssi"]
    director.is_demo = rssi.is_demo = False
    director.save()
    rssi.save()

    first = proposing.tell_signatories(waiting, now=NOW)
    again = proposing.tell_signatories(waiting, now=NOW)
    proposing.sign_proposal(waiting, function="Directrice", by=director, now=NOW)
    waiting.refresh_from_db()
    proposing.tell_proposer(waiting, now=NOW)

    assert [mail.to for mail in first] == [director.email]
    assert again == []
    assert "attend votre signature : Hôpital d’Aurore" in first[0].body
    assert Notice.objects.filter(user=rssi, text__contains="est signé").count() == 1
    assert Mail.objects.count() == 2
