from __future__ import annotations

from tests.domain.places import NOW

from hygie.domain.incidents.kinds import MALICIOUS_KINDS, Kind
from hygie.referentials.playbooks import playbook_for


def test_each_kind_is_malicious_or_not_and_has_a_playbook() -> None:
    assert set(Kind) > MALICIOUS_KINDS
    for kind in Kind:
        assert kind in playbook_for(kind, on=NOW.date()).kinds
