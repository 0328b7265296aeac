from __future__ import annotations

import datetime as dt

import pytest
from tests.engines.matching.inventories import Judged

from hygie.engines.corpus.formats.certfr import SEVERAL_NOTE
from hygie.engines.corpus.precedence import POLICY, ranks_from, source_ranks
from hygie.engines.corpus.records import FIXED, NO_ATTRIBUTES, NOT_AFFECTED, Span, Statement
from hygie.engines.corpus.settling import LAST_RANK, OVERRULED, rank_of
from hygie.referentials.reading import parse_document
from hygie.referentials.section import ReferentialError
from hygie.vocabulary.enums import VerdictStatus

ON = dt.date(2026, 11, 24)
RANKS = {"vex:*": 0, "csaf:acme": 1, "nvd": 2}


def touched(source: str, *spans: Span) -> Statement:
    return Statement("acme/box", "a", NO_ATTRIBUTES, "generic", spans, source)


def declared(source: str, *spans: Span, status: str = NOT_AFFECTED) -> Statement:
    return Statement(
        "acme/box",
        "*",
        NO_ATTRIBUTES,
        "generic",
        (),
        source,
        spans,
        dated="2026-02-01",
        document="ACME-1",
        vex_status=status,
        reason="code absent",
    )


def test_a_declaration_prevails_over_the_ranges_of_later_sources() -> None:
    judged = Judged(
        touched("nvd", Span(end="3")), declared("vex:acme", Span(exact="2.0")), ranks=RANKS
    )

    assert judged.status("1.0") is VerdictStatus.AFFECTED
    assert judged.status("2.0") is VerdictStatus.NOT_AFFECTED
    assert judged.status("2.5") is VerdictStatus.AFFECTED
    assert judged.status("3.0") is VerdictStatus.NOT_AFFECTED
    assert "ACME-1, 2026-02-01" in judged.reason("2.0")


def test_what_is_overruled_is_kept_and_can_be_shown() -> None:
    judged = Judged(
        touched("nvd", Span(end="3")), declared("vex:acme", Span(exact="2.0")), ranks=RANKS
    )

    claims = judged.claims("2.0")

    assert [(claim.source, claim.status) for claim in claims] == [
        ("nvd", OVERRULED),
        ("vex:acme", NOT_AFFECTED),
    ]
    assert claims[1].reason == "code absent"


@pytest.mark.parametrize(
    ("range_source", "safe_source"),
    [("csaf:acme", "nvd"), ("nvd", "nvd"), ("nvd", "unheard of")],
    ids=["a lesser source", "the same source", "a source without rank"],
)
def test_a_declaration_of_no_higher_source_changes_nothing(
    range_source: str, safe_source: str
) -> None:
    judged = Judged(
        touched(range_source, Span(end="3")), declared(safe_source, Span(exact="2.0")), ranks=RANKS
    )

    assert judged.status("2.0") is VerdictStatus.AFFECTED


def test_fixed_versions_are_safe_and_unreadable_ones_are_left_out() -> None:
    fixed = declared("vex:acme", Span(start="2.0", end="2.5"), Span(exact="latest"), status=FIXED)
    judged = Judged(touched("nvd", Span(end="3")), fixed, ranks=RANKS)

    assert judged.status("2.4") is VerdictStatus.NOT_AFFECTED
    assert judged.status("2.6") is VerdictStatus.AFFECTED
    assert judged.left_out["déclaré non touché, versions illisibles"] == 1


def test_a_declaration_about_one_edition_does_not_speak_for_another() -> None:
    lts = "*:*:lts:*:*:*"
    judged = Judged(
        touched("nvd", Span(end="3")),
        declared("vex:acme", Span(exact="2.0"))._replace(attributes=lts),
        ranks=RANKS,
    )

    assert judged.status("2.0") is VerdictStatus.AFFECTED


BULLETIN = Statement(
    "acme/box",
    "*",
    NO_ATTRIBUTES,
    "generic",
    (Span(end="2", note=SEVERAL_NOTE),),
    "certfr",
    dated="2026-01-01",
    document="CERTFR-2026-AVI-0001",
)
LATER = BULLETIN._replace(
    spans=(Span(start="1", end="3", note=SEVERAL_NOTE),),
    dated="2026-03-01",
    document="CERTFR-2026-AVI-0009",
)


def test_bulletins_that_do_not_pair_are_joined_under_the_latest() -> None:
    crate = BULLETIN._replace(identity="acme/crate")
    judged = Judged(BULLETIN, crate, LATER, ranks=RANKS)

    [claim] = judged.claims("0.5")
    assert (claim.document, claim.range) == ("CERTFR-2026-AVI-0009", "… < 3")
    assert judged.status("2.5") is VerdictStatus.UNKNOWN


def test_bulletins_that_do_not_pair_are_silent_where_a_source_decides() -> None:
    crate = BULLETIN._replace(identity="acme/crate")
    other = touched("nvd", Span(end="1"))._replace(identity="acme/crate")

    assert Judged(BULLETIN, crate, other, ranks=RANKS).statuses("0.5") == []
    assert Judged(BULLETIN, crate, ranks=RANKS).statuses("0.5") == [VerdictStatus.UNKNOWN]


def test_a_bulletin_of_one_product_is_kept_beside_other_sources() -> None:
    other = touched("nvd", Span(end="1"))._replace(identity="acme/crate")
    alone = BULLETIN._replace(spans=(Span(end="2", note="sans le dernier correctif"),))

    assert Judged(alone, other, ranks=RANKS).statuses("0.5") == [VerdictStatus.UNKNOWN]


def test_an_unreadable_statement_is_kept_whatever_others_decide_of_the_vendor() -> None:
    other = touched("nvd", Span(end="1"))._replace(identity="acme/crate")
    judged = Judged(touched("csaf:acme", Span(exact="soon")), other, ranks=RANKS)

    assert judged.statuses("0.5") == [VerdictStatus.UNKNOWN]


def test_what_a_bulletin_says_of_one_edition_is_perhaps_of_any() -> None:
    other = LATER._replace(attributes="*:*:lts:*:*:*")

    crate = BULLETIN._replace(identity="acme/crate")
    judged = Judged(BULLETIN, crate, other, ranks=RANKS)

    assert len(judged.claims("1.5")) == 1
    assert judged.statuses("2.5", rest="*:*:*:standard:*:*:*") == [VerdictStatus.UNKNOWN]


def test_the_policy_orders_families_and_names() -> None:
    ranks = source_ranks(on=ON)

    assert rank_of("vex:acme", ranks) < rank_of("csaf:acme", ranks) < rank_of("nvd", ranks)
    assert rank_of("unheard of", ranks) == LAST_RANK


@pytest.mark.parametrize(
    "order",
    [
        "[{sources: [nvd], because: x}, {sources: [nvd], because: y}]",
        "[{sources: nvd, because: x}]",
        "[{sources: [nvd]}]",
        "[{sources: [nvd], because: x, rank: 1}]",
    ],
)
def test_a_malformed_policy_is_refused(order: str) -> None:
    document = (
        f'id: {POLICY}\nversion: "2"\nvalid_from: 2026-01-01\nvalid_to: null\n'
        f"title: t\nauthored: Hygie\nsource: {{title: t, url: '', confidence: C}}\norder: {order}\n"
    )

    with pytest.raises(ReferentialError):
        ranks_from(parse_document(document.encode(), name="p.yaml"))
