"""Which questions each pass asks: a fast one every day, a deep one where something is new.

The fast pass asks what changes overnight and costs little. The deep pass asks everything: some
thirty more connections a TLS port, some fifty more DNS questions a domain. It is due for a host
never asked in depth, for one whose answers changed since, for one where a finding of a deep
question waits for its proof, and once a week in any case.
"""

from __future__ import annotations

import datetime as dt
from typing import Final

FAST_PROBES: Final = ("dns", "mail", "tls", "http", "tcp", "dicom", "mllp")
DEEP_ONLY_PROBES: Final = (
    *("delegation", "dkim", "mta-sts", "dane"),
    *("tls-depth", "starttls", "fhir", "dicomweb", "udp"),
)
ALL_PROBES: Final = (*FAST_PROBES, *DEEP_ONLY_PROBES)

DEEP_EVERY: Final = dt.timedelta(days=7)


def is_deep_due(
    *,
    asked_at: dt.datetime | None,
    changed_at: dt.datetime | None,
    awaits_proof: bool,
    now: dt.datetime,
) -> bool:
    """Tell whether a host is due for the deep pass.

    Args:
        asked_at: last time a deep question was put to it, None for never.
        changed_at: last time one of its answers was a new one, None for never.
        awaits_proof: a finding there was found by a deep question and is not closed.
        now: aware time.
    """
    if asked_at is None or awaits_proof:
        return True
    return now - asked_at >= DEEP_EVERY or (changed_at is not None and changed_at > asked_at)
