from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.urls import reverse
from django.utils import timezone, translation
from tests.web.world import World

from hygie.web.surveillance import synthesis
from hygie.web.surveillance.report_content import content_of, document_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client


def test_the_page_says_where_things_stand_then_the_plan(
    world: World, sign_in: Callable[[str], Client]
) -> None:
    here = world.nodes["own"].pk
    page = sign_in("director").get(reverse("synthesis", args=[here])).content.decode()

    assert "à agir maintenant" in page or "Rien n’est à corriger" in page
    assert "Plan classé" in page
    assert page.index("Plan classé") < page.index("Annexe")
    assert synthesis.as_pdf.__doc__


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_pdf_is_tagged_and_holds_the_same(
    world: World, sign_in: Callable[[str], Client], language: str
) -> None:
    here = world.nodes["own"]
    answer = sign_in("rssi").get(
        reverse("synthesis-pdf", args=[here.pk]), headers={"accept-language": language}
    )

    assert answer["Content-Type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF")
    assert b"pdfuaid" in answer.content
    with translation.override(language):
        content = content_of(world.users["rssi"], here, now=timezone.now())
        document = document_of(content)
    assert document.lang == language
    assert any(block.kind == "table" and len(block.rows) > 1 for block in document.blocks)
