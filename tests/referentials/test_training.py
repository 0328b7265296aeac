from __future__ import annotations

import datetime as dt

import pytest

from hygie.referentials.section import Confidence, ReferentialError
from hygie.referentials.training import curriculum_as_of


def test_twelve_programmes_share_five_domains_and_28_hours() -> None:
    training = curriculum_as_of(dt.date(2026, 11, 24))

    assert (len(training.programmes), len(training.domains), training.hours) == (12, 5, 28)
    assert [(one.id, one.hours) for one in training.domains if one.cyber] == [("cybersecurity", 5)]
    assert training.mandatory_from == dt.date(2024, 9, 1)
    assert training.hours_confidence is Confidence.B


def test_nothing_before_the_order() -> None:
    with pytest.raises(ReferentialError):
        curriculum_as_of(dt.date(2022, 1, 1))
