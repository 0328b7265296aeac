from __future__ import annotations

import datetime as dt

from hygie.domain.veille.declaring_policy import declaring_policy


def test_a_serious_case_is_shorter_and_needs_a_second_person() -> None:
    policy = declaring_policy(dt.date(2026, 3, 4))

    assert policy.is_serious(exploited=True, vital=False)
    assert policy.is_serious(exploited=False, vital=True)
    assert not policy.is_serious(exploited=False, vital=False)
    assert policy.longest(serious=True) < policy.longest(serious=False) <= 366
    assert policy.version == "hygie.declarations 1.0"
