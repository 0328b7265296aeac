from __future__ import annotations

import datetime as dt

import pytest

from hygie.engines.probing.passes import (
    ALL_PROBES,
    DEEP_EVERY,
    DEEP_ONLY_PROBES,
    FAST_PROBES,
    is_deep_due,
)

NOW = dt.datetime(2026, 11, 25, 3, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)


def test_the_two_passes_share_no_question() -> None:
    assert not set(FAST_PROBES) & set(DEEP_ONLY_PROBES)
    assert len(ALL_PROBES) == len(set(ALL_PROBES))


@pytest.mark.parametrize(
    ("asked_at", "changed_at", "awaits_proof", "due"),
    [
        pytest.param(None, None, False, True, id="never asked"),
        pytest.param(NOW - DAY, None, False, False, id="asked yesterday"),
        pytest.param(NOW - DAY, NOW - 2 * DAY, False, False, id="changed before"),
        pytest.param(NOW - 2 * DAY, NOW - DAY, False, True, id="changed since"),
        pytest.param(NOW - DAY, None, True, True, id="a repair waits for its proof"),
        pytest.param(NOW - DEEP_EVERY, None, False, True, id="a week ago"),
    ],
)
def test_depth_is_due(
    asked_at: dt.datetime | None,
    changed_at: dt.datetime | None,
    awaits_proof: bool,  # noqa: FBT001
    due: bool,  # noqa: FBT001
) -> None:
    found = is_deep_due(
        asked_at=asked_at, changed_at=changed_at, awaits_proof=awaits_proof, now=NOW
    )

    assert found is due
