from __future__ import annotations

from hygie.vocabulary.tlp import Tlp


def test_a_channel_carries_what_is_at_most_its_label() -> None:
    assert Tlp.GREEN.within(Tlp.AMBER)
    assert not Tlp.AMBER_STRICT.within(Tlp.AMBER)
    assert [one.rank for one in Tlp] == [0, 1, 2, 3, 4]
