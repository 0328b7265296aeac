from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils import timezone

from hygie.domain.journal.actions import Act, record

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client
    from tests.web.world import World


def test_the_journal_says_who_did_what_in_words(
    world: World, sign_in: Callable[[str], Client]
) -> None:
    client = sign_in("rssi")
    client.post(reverse("finding-take", args=[world.findings["own.flaw"].pk]))

    text = client.get(reverse("journal")).content.decode()

    assert "Constat : pris en charge" in text
    assert "rssi@exemple.example" in text
    assert "Hôpital d’Aurore" in text


def test_lines_about_no_place_are_for_who_reads_the_nation(
    world: World,  # noqa: ARG001 - fills the database
    sign_in: Callable[[str], Client],
) -> None:
    record(Act("platform.tuned", "platform", "1"), actor="essai", now=timezone.now())

    local = sign_in("rssi").get(reverse("journal")).content.decode()
    national = sign_in("admin").get(reverse("journal")).content.decode()

    assert "platform.tuned" not in local
    assert "platform.tuned" in national


def test_the_journal_is_narrowed_by_text(
    world: World,  # noqa: ARG001 - fills the database
    sign_in: Callable[[str], Client],
) -> None:
    answer = sign_in("admin").get(reverse("journal"), {"q": "mandate.signed"})

    assert {line.entry.action for line in answer.context["lines"]} == {"mandate.signed"}
