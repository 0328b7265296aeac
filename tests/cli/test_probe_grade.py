from __future__ import annotations

import datetime as dt
import io

from rich.console import Console

from hygie.cli.probe_grade import print_grade
from hygie.vocabulary.facts import NotObserved, Observation, Outcome

NOW = dt.datetime(2026, 3, 4, 9, 30, tzinfo=dt.UTC)


def told(*outcomes: Outcome) -> str:
    console = Console(file=io.StringIO(), width=200)
    print_grade(console, outcomes, now=NOW)
    return console.file.getvalue()  # type: ignore[attr-defined, no-any-return]


def test_a_grade_says_its_policy_and_what_costs_most() -> None:
    dicom = {
        "answers": True,
        "accepts_association": True,
        "rejected_reason": None,
        "echo_status": 0,
        "implementation_version": None,
        "ae_title_asked": "ANY-SCP",
    }

    text = told(Observation("pacs.essai.example:104", "dicom", dicom, b"", NOW))

    assert "Note F (hygie.exposure" in text
    assert "pacs.essai.example:104" in text
    assert "non confirmé" in text


def test_nothing_seen_is_no_grade() -> None:
    silence = NotObserved("www.essai.example:443", "tls", "timeout", "pas de réponse", NOW)

    assert "rien n’a été observé" in told(silence)
