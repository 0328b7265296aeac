from __future__ import annotations

from tests.engines.probing.peers import NOW

from hygie.engines.probing.errors import StoppedError
from hygie.engines.probing.reasons import not_observed


def test_a_stop_is_said_in_its_own_words() -> None:
    outcome = not_observed("ch.example", "dns", StoppedError("arrêt demandé"), NOW)

    assert (outcome.reason, outcome.detail, outcome.at) == ("stopped", "arrêt demandé", NOW)
