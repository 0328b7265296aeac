import pytest

from hygie.engines.corpus.formats.vex_statements import (
    INVESTIGATED_NOTE,
    Said,
    name_of,
    source_of,
    statements_of,
)
from hygie.engines.corpus.records import Span


def test_a_purl_and_a_cpe_name_a_product() -> None:
    purl, cpe = name_of("pkg:npm/acme@1.2"), name_of("cpe:2.3:o:acme:pump:2.0:*:*:*:*:*:*:*")
    assert purl
    assert cpe
    assert (purl.identity, purl.scheme, purl.spans) == ("pkg:npm/acme", "npm", (Span(exact="1.2"),))
    assert (cpe.identity, cpe.part) == ("acme/pump", "o")


@pytest.mark.parametrize("text", ["", "acme", "pkg:", "cpe:2.3:x", "cpe:2.3:a:*:*:*:*:*:*:*:*:*:*"])
def test_another_text_names_nothing(text: str) -> None:
    assert name_of(text) is None


@pytest.mark.parametrize(
    ("status", "spans", "not_spans"),
    [
        ("affected", (Span(exact="1.2"),), ()),
        ("fixed", (), (Span(exact="1.2"),)),
        ("not_affected", (), (Span(exact="1.2"),)),
        ("under_investigation", (Span(exact="1.2", note=INVESTIGATED_NOTE),), ()),
    ],
)
def test_a_status_says_which_versions_are_touched(
    status: str, spans: tuple[Span, ...], not_spans: tuple[Span, ...]
) -> None:
    name = name_of("pkg:npm/acme@1.2")
    assert name
    said = Said(source_of("Acme SA"), "2099-01-01", "VEX-1", status, "code_not_present")
    [statement] = statements_of([name], said)
    assert (statement.spans, statement.not_spans) == (spans, not_spans)
    assert (statement.vex_status, statement.source) == (status, "vex:acme_sa")
    assert statement.reason == ("" if status == "affected" else "code_not_present")
