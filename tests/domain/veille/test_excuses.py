from __future__ import annotations

import datetime as dt

import pytest
from tests.domain.places import NOW, make_site
from tests.domain.veille.vex_documents import FLAW, openvex

from hygie.domain.estate.models import Product
from hygie.domain.veille.excuses import Excuses, excuses_of
from hygie.domain.veille.models import VexStatement
from hygie.domain.veille.national import NationalClaim, publish_claim, publish_document
from hygie.domain.veille.vex_reading import parse_vex

pytestmark = pytest.mark.django_db

TODAY = NOW.date()


def excuses() -> Excuses:
    return excuses_of(make_site(), on=TODAY)


def library(version: str = "2.1") -> Product:
    return Product(name="essai", version=version, purl=f"pkg:pypi/essai@{version}")


def test_a_manufacturer_excuses_the_version_it_names_and_no_other() -> None:
    publish_document(parse_vex(openvex("pkg:pypi/essai@2.1"), name="v"), actor="cert", now=NOW)

    found = excuses().of(FLAW, library(), "Dossier patient")

    assert found is not None
    assert (found["author"], found["justification"], found["reason"]) == (
        "Acme Santé",
        "vulnerable_code_not_present",
        "Le module n’est pas livré.",
    )
    assert excuses().of(FLAW, library("2.2"), "Dossier patient") is None
    assert excuses().of("CVE-2099-0002", library(), "Dossier patient") is None


def test_a_name_that_is_only_alike_is_not_excused() -> None:
    publish_document(
        parse_vex(openvex("cpe:2.3:a:acme:essai:2.1:*:*:*:*:*:*:*"), name="v"),
        actor="cert",
        now=NOW,
    )

    assert excuses().of(FLAW, Product(name="essai", version="2.1"), "x") is None


def test_a_range_typed_by_an_analyst_holds_within_its_bounds() -> None:
    publish_claim(typed(first="2.0", last="3.0"), actor="cert", now=NOW)
    products = [
        Product(vendor="Acme", name="PACS", version=v) for v in ("1.9", "2.0", "3.0", "3.1")
    ]

    found = [excuses().of(FLAW, product, "x") is not None for product in products]

    assert found == [False, True, True, False]


def test_a_declaration_without_version_excuses_all() -> None:
    publish_claim(typed(first="", last=""), actor="cert", now=NOW)

    assert excuses().of(FLAW, Product(vendor="Acme", name="PACS", version="9"), "x") is not None


@pytest.mark.parametrize(
    "change",
    [
        pytest.param({"revoked_at": NOW}, id="revoked"),
        pytest.param({"expires_on": TODAY - dt.timedelta(days=1)}, id="over"),
        pytest.param({"needs_approval": True}, id="not approved"),
    ],
)
def test_what_is_not_in_force_excuses_nothing(change: dict[str, object]) -> None:
    publish_claim(typed(), actor="cert", now=NOW)
    VexStatement.objects.update(**change)

    assert excuses().of(FLAW, Product(vendor="Acme", name="PACS", version="2.5"), "x") is None


def typed(first: str = "2.0", last: str = "3.0") -> NationalClaim:
    return NationalClaim(
        cve_id=FLAW,
        vendor="Acme",
        name="PACS",
        first=first,
        last=last,
        justification="vulnerable_code_not_present",
        impact="Le fabricant l’écrit dans son avis.",
        author="Acme Santé",
        document="ACME-2026-1",
        until=None,
    )
