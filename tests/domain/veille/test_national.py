from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from tests.domain.places import NOW
from tests.domain.veille.test_excuses import typed
from tests.domain.veille.vex_documents import openvex

from hygie.domain.journal.models import Entry
from hygie.domain.veille.declaring import DeclarationError
from hygie.domain.veille.models import VexStatement
from hygie.domain.veille.national import Published, publish_claim, publish_document
from hygie.domain.veille.vex_reading import parse_vex

pytestmark = pytest.mark.django_db


def publish(*products: str) -> Published:
    return publish_document(parse_vex(openvex(*products), name="v"), actor="cert", now=NOW)


def test_a_document_is_kept_once() -> None:
    assert publish("pkg:pypi/essai@2.1").added == 1
    assert publish("pkg:pypi/essai@2.1").added == 0
    assert VexStatement.objects.count() == 1


def test_a_new_release_replaces_the_former_one() -> None:
    publish("pkg:pypi/essai@2.1", "pkg:pypi/autre@1.0")

    done = publish("pkg:pypi/essai@2.1")

    assert (done.added, done.replaced) == (1, 2)
    assert VexStatement.objects.in_force(NOW.date()).count() == 1
    assert Entry.objects.filter(action="vex.published").count() == 2


def test_what_is_kept_reads_as_the_document_says() -> None:
    publish("pkg:pypi/essai@2.1")

    kept = VexStatement.objects.get()
    assert (kept.product, kept.version, kept.author) == ("pkg:pypi/essai", "2.1", "Acme Santé")
    assert (kept.node, kept.expires_on, kept.said_on) == (None, None, dt.date(2026, 2, 1))
    assert kept.justification == "vulnerable_code_not_present"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("cve_id", "2099-1"),
        ("vendor", " "),
        ("name", ""),
        ("author", ""),
        ("justification", "x"),
        ("impact", "RAS"),
        ("until", NOW.date() - dt.timedelta(days=1)),
    ],
)
def test_what_an_analyst_types_is_checked_field_by_field(field: str, value: object) -> None:
    with pytest.raises(DeclarationError) as caught:
        publish_claim(replace(typed(), **{field: value}), actor="cert", now=NOW)  # type: ignore[arg-type]

    assert caught.value.field == field
    assert not VexStatement.objects.exists()
