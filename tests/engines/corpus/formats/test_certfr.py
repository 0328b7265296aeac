from typing import Any

import pytest
from hypothesis import given, settings
from tests.engines.corpus.formats.documents import as_bytes, reads_or_refuses, spoiled

from hygie.engines.corpus.formats.certfr import (
    SEVERAL_NOTE,
    Bulletin,
    advisory_of,
    parse_alert_index,
    parse_bulletin,
    read_bulletin_lines,
)
from hygie.engines.corpus.records import CorpusFormatError, Span


def _system(text: str, vendor: str = "Acme", product: str = "N/A") -> dict[str, Any]:
    return {
        "description": text,
        "product": {"name": product, "vendor": {"name": vendor, "scada": False}},
    }


AVIS: dict[str, Any] = {
    "$ref": "https://www.cert.ssi.gouv.fr/openapi.json",
    "reference": "CERTFR-2099-AVI-0001",
    "title": "Multiples vulnérabilités dans Acme",
    "summary": "De multiples vulnérabilités…",
    "content": "",
    "affected_systems": [_system("Acme Pump versions 2.x antérieures à 2.1", product="Pump")],
    "affected_systems_content": None,
    "risks": [{"description": "Déni de service"}],
    "cves": [
        {"name": "CVE-2099-0006", "url": "https://example.org"},
        {"name": "CVE-2099-0007", "url": "https://example.org"},
    ],
    "links": [],
    "vendor_advisories": [
        {"title": "ACME-1", "url": "https://example.org/1", "published_at": None}
    ],
    "revisions": [
        {"description": "Correction", "revision_date": "2099-02-01T00:00:00.000000"},
        {"description": "Version initiale", "revision_date": "2099-01-01T00:00:00.000000"},
    ],
}


def _parse(**changes: object) -> Bulletin:
    return parse_bulletin(as_bytes(AVIS | changes), source="avis.json")


def test_a_bulletin_keeps_its_revisions_and_links() -> None:
    bulletin = _parse()
    assert (bulletin.kind, bulletin.published_on, bulletin.updated_on) == (
        "AVI",
        "2099-01-01",
        "2099-02-01",
    )
    assert bulletin.links == (("ACME-1", "https://example.org/1"),)
    assert bulletin.risks == ("Déni de service",)
    assert bulletin.systems[0].identity == "acme/pump"


def test_one_product_is_touched_by_each_cve() -> None:
    advisory = advisory_of(_parse())
    first, second = advisory.records
    assert (first.cve_id, second.cve_id) == ("CVE-2099-0006", "CVE-2099-0007")
    assert first.statements is second.statements
    [statement] = first.statements
    assert (statement.identity, statement.spans) == ("acme/pump", (Span(start="2", end="2.1"),))
    assert (statement.source, statement.dated, statement.document) == (
        "certfr",
        "2099-02-01",
        "CERTFR-2099-AVI-0001",
    )


def test_several_products_and_cves_leave_the_answer_unknown() -> None:
    systems = [_system("Pump versions antérieures à 2.1"), _system("Bed versions antérieures à 3")]
    advisory = advisory_of(_parse(affected_systems=systems))
    spans = [statement.spans for statement in advisory.records[0].statements]
    assert spans == [(Span(end="2.1", note=SEVERAL_NOTE),), (Span(end="3", note=SEVERAL_NOTE),)]
    unread = [_system("Pump versions de 2024"), _system("Bed versions antérieures à 3")]
    both = advisory_of(_parse(affected_systems=unread)).records[0].statements[0].spans[0].note
    assert both == f"« versions de 2024 » ; {SEVERAL_NOTE}"
    one = advisory_of(_parse(affected_systems=systems, cves=AVIS["cves"][:1]))
    assert [s.spans[0].note for s in one.records[0].statements] == ["", ""]


def test_a_line_that_names_its_cve_speaks_of_no_other() -> None:
    systems = [
        _system("Pump versions antérieures à 2.1 pour la vulnérabilité CVE-2099-0006"),
        _system("Bed versions antérieures à 3 pour la vulnérabilité CVE-2099-0007"),
    ]
    first, second = advisory_of(_parse(affected_systems=systems)).records
    assert [(s.identity, s.spans) for s in first.statements] == [("acme/pump", (Span(end="2.1"),))]
    assert [(s.identity, s.spans) for s in second.statements] == [("acme/bed", (Span(end="3"),))]


def test_an_older_alert_has_three_digits_and_a_closing_date() -> None:
    bulletin = _parse(reference="CERTA-2013-ALE-003", closed_at="2099-03-01")
    assert (bulletin.kind, bulletin.closed_on) == ("ALE", "2099-03-01")
    assert advisory_of(bulletin).closed == "2099-03-01"


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"cves": []}, "CERT-FR : bulletin sans identifiant CVE"),
        ({"affected_systems": []}, "CERT-FR : bulletin sans système affecté"),
        (
            {"affected_systems": [_system("Se référer au bulletin de l'éditeur")]},
            "CERT-FR : ligne qui ne nomme pas de produit",
        ),
    ],
)
def test_what_a_bulletin_cannot_give_is_said(changes: dict[str, Any], said: str) -> None:
    assert said in advisory_of(_parse(**changes)).left_out


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        ({"reference": "AVI-1"}, "reference"),
        ({"cves": [{"name": "CVE-1"}]}, "cves[0].name"),
        ({"revisions": [{"revision_date": "hier"}]}, "revisions[0].revision_date"),
        ({"affected_systems": [3]}, "affected_systems[0]"),
    ],
)
def test_a_malformed_bulletin_names_its_place(changes: dict[str, Any], place: str) -> None:
    with pytest.raises(CorpusFormatError) as caught:
        _parse(**changes)
    assert (caught.value.source, caught.value.place) == ("avis.json", place)


def test_lines_are_bulletins_and_a_bad_one_refuses_the_file() -> None:
    line = as_bytes(AVIS).decode()
    with pytest.raises(CorpusFormatError) as caught:
        list(read_bulletin_lines([(1, line), (2, ""), (3, "{}")], source="avis.jsonl"))
    assert caught.value.line == 3


def test_an_index_lists_alerts_and_their_cves() -> None:
    index = [
        {"alert": "CERTFR-2099-ALE-001", "published_at": "2099-01-01T0", "cves": ["CVE-2099-0006"]}
    ]
    [bulletin] = parse_alert_index(as_bytes(index), source="index.json")
    assert (bulletin.kind, bulletin.cve_ids, bulletin.published_on) == (
        "ALE",
        ("CVE-2099-0006",),
        "2099-01-01",
    )
    with pytest.raises(CorpusFormatError):
        parse_alert_index(b"3", source="index.json")


@given(spoiled(AVIS))
@settings(max_examples=150)
def test_a_spoiled_bulletin_is_read_or_refused(document: bytes) -> None:
    reads_or_refuses(lambda each: advisory_of(parse_bulletin(each, source="x")), document)
