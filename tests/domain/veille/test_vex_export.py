from __future__ import annotations

import datetime as dt
import json
from typing import Any

import pytest
from tests.domain.places import NOW
from tests.domain.veille.test_excuses import typed

from hygie.domain.veille.models import Justification, VexStatement
from hygie.domain.veille.national import publish_claim
from hygie.domain.veille.vex_export import FORMATS, Issuer, write_vex
from hygie.domain.veille.vex_reading import parse_vex

ISSUER = Issuer("CH d’Essai", "https://hygie.example")


def local(**more: object) -> VexStatement:
    values: dict[str, object] = {
        "cve_id": "CVE-2099-0001",
        "justification": Justification.COMPONENT_ABSENT,
        "impact": "Le module n’est pas installé.",
        "product": "FortiOS",
        "version": "6.0.4",
        "declared_at": NOW,
        "expires_on": NOW.date(),
        **more,
    }
    return VexStatement(**values)  # type: ignore[misc]


def exported(form: str, *rows: VexStatement) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(write_vex(rows, form, issuer=ISSUER, now=NOW))
    return found


@pytest.mark.parametrize("form", FORMATS)
def test_what_is_written_reads_back_as_the_same_facts(form: str) -> None:
    body = write_vex([local()], form, issuer=ISSUER, now=NOW)

    [told] = parse_vex(body, name="vex.json").told

    assert (told.cve_id, told.statement.vex_status) == ("CVE-2099-0001", "not_affected")
    assert told.statement.identity == "pkg:generic/FortiOS"
    assert told.statement.not_spans[0].exact == "6.0.4"
    assert "Le module n’est pas installé." in told.statement.reason


@pytest.mark.parametrize("form", FORMATS)
def test_the_same_rows_and_time_give_the_same_bytes(form: str) -> None:
    once = write_vex([local()], form, issuer=ISSUER, now=NOW)

    assert write_vex([local()], form, issuer=ISSUER, now=NOW) == once
    assert write_vex([local(cve_id="CVE-2099-0002")], form, issuer=ISSUER, now=NOW) != once


def test_csaf_names_each_product_once_and_each_cve_once() -> None:
    found = exported("csaf", local(), local(product="Autre"), local(cve_id="CVE-2099-0002"))

    assert len(found["product_tree"]["full_product_names"]) == 2
    assert [one["cve"] for one in found["vulnerabilities"]] == ["CVE-2099-0001", "CVE-2099-0002"]
    first = found["vulnerabilities"][0]
    assert first["product_status"] == {"known_not_affected": ["P1", "P2"]}
    assert first["flags"] == [{"label": "component_not_present", "product_ids": ["P1", "P2"]}]


def test_what_is_fixed_needs_no_justification() -> None:
    [one] = exported("openvex", local(status="fixed", justification=""))["statements"]

    assert one["status"] == "fixed"
    assert "justification" not in one


@pytest.mark.django_db
def test_a_declaration_typed_for_the_nation_is_exported_by_its_identity() -> None:
    kept = publish_claim(typed(), actor="cert", now=NOW + dt.timedelta(hours=1))

    [one] = exported("openvex", kept)["statements"]

    assert one["products"] == [{"@id": "pkg:generic/acme/pacs"}]
    assert one["impact_statement"] == kept.impact
