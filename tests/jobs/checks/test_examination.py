from __future__ import annotations

import datetime as dt

import pytest

from hygie.jobs.checks.check import Status
from hygie.jobs.checks.examination import broken, examine, readiness

NOW = dt.datetime.now(dt.UTC)


@pytest.mark.django_db
def test_everything_is_looked_at_once_and_failures_have_remedies() -> None:
    found = examine(now=NOW)

    names = [check.name for check in found]
    assert len(names) == len(set(names)) == 20
    assert all(check.remedy for check in found if check.status is not Status.GOOD)
    assert all("\n" not in check.detail for check in found)
    assert {check.status for check in broken(found)} <= {Status.BROKEN, Status.UNKNOWN}


@pytest.mark.django_db
def test_readiness_asks_four_things() -> None:
    assert list(readiness(now=NOW)) == ["database", "migrations", "disk", "corpus"]
