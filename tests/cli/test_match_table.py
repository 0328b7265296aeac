from __future__ import annotations

import datetime as dt
import io
from types import SimpleNamespace
from typing import TYPE_CHECKING, cast

from rich.console import Console

from hygie.cli.match_answer import Answer
from hygie.cli.match_table import SHOWN, print_answers
from hygie.vocabulary.enums import Exploitation, VerdictStatus
from hygie.vocabulary.facts import Component, CveFacts, MatchRow, Verdict

if TYPE_CHECKING:
    from hygie.domain.veille.corpora import Corpus, Matching

CORPUS = cast(
    "Corpus", SimpleNamespace(info=lambda: SimpleNamespace(sources=[{"name": "a", "dated": ""}]))
)


def row(name: str, cve_id: str, *, status: VerdictStatus = VerdictStatus.AFFECTED) -> MatchRow:
    facts = CveFacts(
        cve_id=cve_id,
        description="",
        cvss_score=9.8,
        cvss_vector="",
        epss_probability=0.25,
        kev_added_on=dt.date(2026, 1, 2),
        ransomware=None,
        exploitation=Exploitation.ACTIVE,
        technical_impact=None,
        published_on=None,
        sources=(),
    )
    reason = f"pourquoi {cve_id} " + "long " * 20
    verdict = Verdict(cve_id, status, reason, "acme/box", "", "nvd")
    return MatchRow(Component(name, "1.0"), verdict, facts)


def shown(*rows: MatchRow, problems: tuple[str, ...] = ()) -> str:
    components = [each.component for each in rows]
    matching = cast("Matching", SimpleNamespace(components=components, known=lambda at: at > 0))
    console = Console(file=io.StringIO(), width=80)
    print_answers(console, CORPUS, [Answer("parc.csv", matching, list(rows), problems)], None)
    return cast("io.StringIO", console.file).getvalue()


def test_a_vulnerability_takes_a_line_and_its_reason_the_next() -> None:
    lines = shown(row("box", "CVE-2024-0001")).splitlines()

    at = next(n for n, line in enumerate(lines) if "CVE-2024-0001" in line)
    assert "touché" in lines[at]
    assert "CVSS 9,8  EPSS 25,0 %  exploitée (KEV 02/01/2026)" in lines[at]
    assert lines[at + 2].startswith("    ")
    assert max(map(len, lines)) <= 80


def test_components_of_which_the_same_is_said_are_told_together() -> None:
    text = shown(*(row(f"box{n}", "CVE-2024-0001") for n in range(6)))

    assert text.count("CVE-2024-0001  ") == 1
    assert "et 2 autres" in " ".join(text.split())


def test_what_is_affected_comes_before_what_is_perhaps() -> None:
    text = shown(
        row("box", "CVE-2024-0001", status=VerdictStatus.UNKNOWN), row("box", "CVE-2024-0002")
    )

    assert text.index("CVE-2024-0002") < text.index("CVE-2024-0001")


def test_the_rest_and_the_rows_left_out_are_counted() -> None:
    rows = [row("box", f"CVE-2024-{1000 + n}") for n in range(SHOWN + 3)]
    text = " ".join(shown(*rows, problems=("ligne 2 : vide",)).split())

    assert "… et 3 autres" in text
    assert "Lignes laissées de côté : 1 ligne 2 : vide" in text
    assert f"Couples composant–CVE touchés : {SHOWN + 3} ; à vérifier : 0." in text
    assert f"1 sur {SHOWN + 3}" in text
