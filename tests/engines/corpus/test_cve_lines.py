from __future__ import annotations

import datetime as dt
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.engines.corpus.records_of import any_of, cpe, line, matches

from hygie.engines.corpus.cve_lines import parse_cve_line, read_cve_lines
from hygie.engines.corpus.records import CorpusFormatError
from hygie.vocabulary.enums import Exploitation, TechnicalImpact

AFFECTED = {"version": "1", "status": "affected"}
UNREADABLE = {"version": "n/a", "status": "affected"}


def test_a_line_becomes_a_record() -> None:
    record = parse_cve_line(
        line(
            published="2024-03-01",
            description="A  flaw\nin the box.",
            cvss={
                "v2": {"vector": "AV:N", "score": 5},
                "v3": {"vector": "CVSS:3.1/C:H/I:H/A:H", "score": 9.8},
            },
            ssvc={"Exploitation": "PoC", "Technical Impact": "Partial"},
            kev_added="2024-04-02",
            configurations=[any_of(matches(cpe("box", "1.0")))],
            as_of="2024-05-01",
        )
    )

    assert record.description == "A flaw in the box."
    assert (record.cvss_score, record.cvss_vector) == (9.8, "CVSS:3.1/C:H/I:H/A:H")
    assert record.exploitation is Exploitation.POC
    assert record.technical_impact is TechnicalImpact.PARTIAL
    assert record.kev_added_on == dt.date(2024, 4, 2)
    assert record.published_on == dt.date(2024, 3, 1)
    assert [statement.source for statement in record.statements] == ["nvd"]


def test_a_rejected_record_states_nothing() -> None:
    record = parse_cve_line(line(status="Rejected", configurations=[any_of(matches(cpe("box")))]))

    assert record.rejected
    assert record.statements == ()


def test_sources_keep_their_names() -> None:
    node = [any_of(matches(cpe("box")))]
    record = parse_cve_line(
        line(
            configurations=node,
            config_source="anchore",
            cpe_applicability=node,
            adp_affected=[
                {
                    "vendor": "v",
                    "product": "p",
                    "versions": [{"version": "1", "status": "affected"}],
                }
            ],
        )
    )

    assert [s.source for s in record.statements] == ["anchore", "cna", "cisa-adp"]


def test_an_unreadable_text_adds_nothing_to_a_readable_statement() -> None:
    record = parse_cve_line(
        line(
            configurations=[any_of(matches(cpe("box")))],
            affected=[
                {
                    "vendor": "a",
                    "product": "b",
                    "versions": [{"version": "n/a", "status": "affected"}],
                }
            ],
        )
    )

    assert [s.identity for s in record.statements] == ["acme/box"]


def test_a_list_that_says_what_is_safe_speaks_for_the_cpe_name() -> None:
    safe = {"version": "6.1.64", "lessThanOrEqual": "6.1.*", "status": "unaffected"}
    later = {"version": "6.6.3", "lessThanOrEqual": "*", "status": "unaffected"}
    record = parse_cve_line(
        line(
            cpe_applicability=[
                any_of(matches(cpe("box_os", part="o"), versionEndExcluding="6.6.3"))
            ],
            affected=[
                {
                    "vendor": "Acme",
                    "product": "Box",
                    "defaultStatus": "affected",
                    "versions": [safe, later],
                }
            ],
        )
    )

    by_name, by_list = record.statements
    assert (by_name.identity, by_name.part) == ("acme/box_os", "o")
    assert by_list.identity == "acme/box"
    assert by_name.not_spans == by_list.not_spans
    assert len(by_name.not_spans) == 2


def test_a_list_of_several_products_leaves_cpe_names_alone() -> None:
    safe = {"version": "2", "status": "unaffected"}
    record = parse_cve_line(
        line(
            cpe_applicability=[any_of(matches(cpe("box"), versionEndExcluding="2"))],
            affected=[
                {"vendor": "Acme", "product": name, "defaultStatus": "affected", "versions": [safe]}
                for name in ("Box", "Shelf")
            ],
        )
    )

    assert record.statements[0].spans[0].end == "2"


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("{", None),
        ("[]", None),
        ("[" * 100_000, None),
        ('{"id":"nothing"}', "id"),
        ('{"description":"x"}', "id"),
        (line(cvss=[]), "cvss"),
        (line(cvss={"v3": {"score": 11, "vector": ""}}), "cvss.v3"),
        (line(cvss={"v3": 9}), "cvss.v3"),
        (line(ssvc={"Exploitation": "maybe"}), "ssvc"),
        (line(ssvc=3), "ssvc"),
        (line(published="soon"), "published"),
        (line(description=3), "description"),
        (line(configurations={}), "configurations"),
        (line(affected={}), "affected"),
    ],
)
def test_a_malformed_record_refuses_its_document_and_names_the_place(
    text: str, place: str | None
) -> None:
    lines = iter([(1, line()), (2, ""), (3, text)])

    with pytest.raises(CorpusFormatError) as caught:
        list(read_cve_lines(lines, source="cve.jsonl"))

    assert (caught.value.source, caught.value.line, caught.value.place) == ("cve.jsonl", 3, place)


FIELDS = st.sampled_from(
    ["id", "cvss", "ssvc", "configurations", "affected", "published", "status", "v3", "score"]
)
JSON = st.recursive(
    st.none() | st.integers() | st.floats() | st.text(max_size=6),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(FIELDS, inner, max_size=4),
    max_leaves=8,
)


@given(st.dictionaries(FIELDS, JSON))
def test_any_object_is_a_record_or_an_error(fields: dict[str, object]) -> None:
    for text in (json.dumps(fields), json.dumps({**fields, "id": "CVE-2024-0001"})):
        try:
            parse_cve_line(text)
        except CorpusFormatError:
            continue


@given(st.text(max_size=60))
def test_any_text_is_a_record_or_an_error(text: str) -> None:
    with pytest.raises(CorpusFormatError):
        parse_cve_line(text)
