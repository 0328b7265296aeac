"""An invented incident in an invented hospital."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from tests.domain.places import NOW, make_site

from hygie.domain.incidents.declaring import declare
from hygie.domain.incidents.drafting import save_draft, start_draft
from hygie.domain.incidents.kinds import Danger, Kind, Operation, Origin

if TYPE_CHECKING:
    from hygie.domain.incidents.models import Incident
    from hygie.domain.territory.models import Node

RSSI = "rssi@essai.example"
SAID = {
    "kind": Kind.RANSOMWARE,
    "origin": Origin.MALICIOUS,
    "operation": Operation.DEGRADED,
    "danger": Danger.POTENTIAL,
    "occurred_at": NOW - dt.timedelta(hours=3),
    "aware_at": NOW - dt.timedelta(hours=1),
    "summary": "Des fichiers sont chiffrés sur plusieurs serveurs.",
}


def drafted(node: Node | None = None, **changes: object) -> Incident:
    """Return a draft with all that is needed, but for what is changed."""
    draft = start_draft(node or make_site(), actor=RSSI, now=NOW)
    return save_draft(draft, SAID | changes, now=NOW)


def declared(node: Node | None = None, **changes: object) -> Incident:
    """Return a declared incident."""
    return declare(drafted(node, **changes), actor=RSSI, now=NOW)
