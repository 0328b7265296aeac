from __future__ import annotations

import datetime as dt

import pytest

from hygie.domain.journal.actions import Act, record
from hygie.domain.journal.models import Head
from hygie.jobs.checks.check import Status
from hygie.jobs.checks.journal import check_journal

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2026, 6, 1, 12, tzinfo=dt.UTC)


def test_an_empty_journal_and_a_written_one_are_good() -> None:
    assert check_journal().status is Status.GOOD
    record(Act("finding.taken", "finding", "1"), actor="camille@essai.example", now=NOW)

    assert check_journal().detail.startswith("1 ligne, fin ")


def test_a_head_that_does_not_follow_is_a_failure() -> None:
    record(Act("finding.taken", "finding", "1"), actor="camille@essai.example", now=NOW)
    Head.objects.update(hash="0" * 64)

    assert check_journal().status is Status.BROKEN


def test_a_head_that_is_gone_is_a_failure() -> None:
    Head.objects.all().delete()

    assert check_journal().status is Status.BROKEN
