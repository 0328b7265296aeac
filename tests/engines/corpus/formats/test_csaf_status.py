from typing import Any

import pytest
from tests.engines.corpus.formats.csaf_documents import PUMP, branch

from hygie.engines.corpus.formats.csaf_status import INVESTIGATED_NOTE, Said, statements_of
from hygie.engines.corpus.formats.csaf_tree import ProductTree
from hygie.engines.corpus.formats.json_places import Json
from hygie.engines.corpus.records import CorpusFormatError, Span, Statement

SAID = Said("csaf:acme", "ACME-2099-1", "2099-02-01")
RELEASES = branch(
    "vendor",
    "Acme",
    branch(
        "product_name",
        "Pump",
        *(branch("product_version", each, product=f"V{each}") for each in ("1.0", "1.4", "1.5")),
    ),
)


def _statements(
    status: dict[str, list[str]], *, tree: dict[str, Any] = PUMP, **rest: object
) -> tuple[Statement, ...]:
    vulnerability = Json({"product_status": status, **rest})
    return statements_of(
        vulnerability, ProductTree(Json({"product_tree": {"branches": [tree]}})), SAID
    )[0]


def test_an_affected_product_keeps_source_date_and_document() -> None:
    [statement] = _statements({"known_affected": ["P-OLD"]})
    assert (statement.identity, statement.spans) == ("acme_(ac)/pump", (Span(end="2.1"),))
    assert Said(statement.source, statement.document, statement.dated) == SAID


def test_a_fix_narrows_its_own_branch_only() -> None:
    old, monitor, fixed = _statements({"known_affected": ["P-OLD", "M-OLD"], "fixed": ["P-NEW"]})
    assert old.not_spans == (Span(exact="2.1", any_update=True),)
    assert monitor.not_spans == ()
    assert (fixed.vex_status, fixed.spans) == ("fixed", ())
    assert fixed.not_spans == (Span(exact="2.1", any_update=True),)


def test_a_product_said_both_affected_and_safe_stays_affected() -> None:
    affected, safe = _statements({"known_affected": ["P-OLD"], "known_not_affected": ["P-OLD"]})
    assert (affected.vex_status, affected.not_spans) == ("affected", ())
    assert safe.vex_status == "not_affected"


def test_why_a_product_is_not_affected_is_kept() -> None:
    [statement] = _statements(
        {"known_not_affected": ["P-NEW"]},
        flags=[{"label": "component_not_present", "product_ids": ["P-NEW"]}],
        threats=[{"category": "impact", "details": "No network.", "product_ids": ["P-NEW"]}],
    )
    assert (statement.vex_status, statement.spans) == ("not_affected", ())
    assert statement.reason == "component_not_present : No network."


def test_a_product_under_investigation_is_unknown() -> None:
    [statement] = _statements({"under_investigation": ["P-OLD"]})
    assert statement.spans == (Span(end="2.1", note=INVESTIGATED_NOTE),)


@pytest.mark.parametrize(
    ("status", "span"),
    [
        ({"last_affected": ["V1.4"]}, Span(start="1.0", end="1.4", end_closed=True)),
        ({"first_fixed": ["V1.5"]}, Span(start="1.0", end="1.5")),
        ({}, Span(exact="1.0", any_update=True)),
    ],
)
def test_a_first_affected_version_opens_a_range(status: dict[str, list[str]], span: Span) -> None:
    statements = _statements({"first_affected": ["V1.0"], **status}, tree=RELEASES)
    assert statements[0].spans == (span,)


def test_recommended_versions_state_nothing() -> None:
    assert _statements({"recommended": ["P-NEW"]}) == ()


@pytest.mark.parametrize("status", [{"known_affected": ["X"]}, {"rumoured": ["P-OLD"]}])
def test_an_unknown_product_or_status_is_refused(status: dict[str, list[str]]) -> None:
    with pytest.raises(CorpusFormatError):
        _statements(status)
