from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest
from django.utils import timezone

from hygie.domain.estate.models import Mandate
from hygie.domain.findings.queries import Summary
from hygie.web.home.lights import Light, lights

if TYPE_CHECKING:
    from tests.web.world import World

CALM = Summary(act=0, attend=0, track=0, overdue=0, accepted=0, verified=0)
BUSY = Summary(act=2, attend=0, track=0, overdue=0, accepted=0, verified=0)
LATE = Summary(act=2, attend=0, track=0, overdue=1, accepted=0, verified=0)


def shown(world: World, letter: str = "B", summary: Summary = CALM) -> list[Light]:
    page: dict[str, object] = {"letter": letter, "summary": summary}
    return lights(world.users["director"], world.nodes["own"], page)


@pytest.mark.parametrize(
    ("letter", "summary", "kind", "word"),
    [
        ("A", CALM, "success", "Peu"),
        ("C", BUSY, "warning", "Un peu"),
        ("F", BUSY, "error", "Oui"),
        ("", CALM, "info", "On ne sait pas"),
        ("", BUSY, "error", "Oui"),
    ],
    ids=["good", "middle", "bad", "not known", "no grade but things to do"],
)
def test_exposure_is_the_letter_and_never_good_when_unknown(
    letter: str, summary: Summary, kind: str, word: str, world: World
) -> None:
    exposed, _, _ = shown(world, letter, summary)

    assert (exposed.kind, exposed.word) == (kind, word)


@pytest.mark.parametrize(
    ("summary", "kind", "sentence"),
    [
        (CALM, "success", "Aucune correction en retard."),
        (BUSY, "warning", "2 choses à traiter sans attendre."),
        (LATE, "error", "1 correction en retard."),
    ],
    ids=["calm", "busy", "late"],
)
def test_being_on_time_is_having_nothing_overdue(
    summary: Summary, kind: str, sentence: str, world: World
) -> None:
    _, on_time, _ = shown(world, summary=summary)

    assert (on_time.kind, on_time.sentence) == (kind, sentence)


@pytest.mark.parametrize(
    ("days", "kind"),
    [(200, "success"), (61, "success"), (60, "warning"), (0, "error")],
    ids=["long", "over two months", "two months", "over"],
)
def test_surveillance_is_allowed_while_a_mandate_runs(days: int, kind: str, world: World) -> None:
    today = timezone.localdate()
    Mandate.objects.filter(pk=world.mandates["own"].pk).update(
        valid_from=today - dt.timedelta(days=9), valid_to=today + dt.timedelta(days=days)
    )

    _, _, watched = shown(world)

    assert watched.kind == kind
    assert days == 0 or str(days) in watched.sentence
