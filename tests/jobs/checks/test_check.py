from __future__ import annotations

import pytest

from hygie.jobs.checks.check import Check, Status


def test_a_failure_without_a_remedy_cannot_be_said() -> None:
    with pytest.raises(ValueError, match="remedy"):
        Check("disk.space", "Disque", Status.BROKEN, "plein")


def test_what_is_good_needs_no_remedy() -> None:
    assert Check("disk.space", "Disque", Status.GOOD, "vide").remedy == ""
