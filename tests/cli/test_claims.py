from __future__ import annotations

from hygie.cli.claims import MOST, claim_lines
from hygie.engines.matching.claims import Claim


def claim(source: str = "nvd", status: str = "affected", **said: str) -> Claim:
    texts = {name: said.get(name, "") for name in ("note", "condition", "document", "dated")}
    return Claim(
        source,
        "acme/box",
        said.get("range", ""),
        covers=True,
        status=status,
        reason=said.get("reason", ""),
        **texts,
    )


def test_sources_that_contradict_each_other_stand_side_by_side() -> None:
    lines = claim_lines(
        [
            claim(status="overruled", range="… < 3"),
            claim(
                "vex:acme",
                "not_affected",
                range="… = 2.0",
                document="ACME-1",
                dated="2026-02-01",
                reason="code absent",
            ),
        ]
    )

    assert lines == [
        "nvd : … < 3, écarté : une source qui prévaut dit le contraire",
        "vex:acme (ACME-1, 2026-02-01) : … = 2.0, déclaré non touché (code absent)",
    ]


def test_what_cannot_be_decided_says_why() -> None:
    assert claim_lines([claim(note="version non précisée")]) == [
        "nvd : toutes les versions, indécidable (version non précisée)"
    ]


def test_many_claims_are_cut() -> None:
    assert claim_lines([claim()] * (MOST + 3))[-1] == "… et 3 autres."
