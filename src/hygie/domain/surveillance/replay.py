"""Read stored sightings and attempts back as the facts that engines judge."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hygie.domain.surveillance.models import DEPTH, TARGET, Attempt, Sighting
from hygie.engines.probing.passes import DEEP_ONLY_PROBES
from hygie.vocabulary.facts import NotObserved, Observation, Outcome
from hygie.vocabulary.subjects import host_of

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable

    from hygie.domain.territory.models import Node


def outcomes_since(node: Node, since: dt.datetime) -> list[Outcome]:
    """Return the last outcome of each question put to ``node`` since a time."""
    attempts = Attempt.objects.filter(node=node, at__gte=since).exclude(probe__in=(TARGET, DEPTH))
    current = {
        (sighting.subject, sighting.probe): sighting
        for sighting in Sighting.objects.filter(node=node, current=True)
    }
    outcomes: list[Outcome] = []
    for attempt in attempts:
        if attempt.reached:
            outcomes.append(observation_of(current[attempt.subject, attempt.probe]))
        else:
            outcomes.append(
                NotObserved(
                    attempt.subject, attempt.probe, attempt.reason, attempt.detail, attempt.at
                )
            )
    return outcomes


def judged_sightings(node: Node, outcomes: Iterable[Outcome]) -> list[int]:
    """Return the keys of the stored answers behind outcomes and behind what is remembered."""
    asked = {(one.subject, one.probe) for one in outcomes}
    rows = Sighting.objects.filter(node=node, current=True).values_list("pk", "subject", "probe")
    return [pk for pk, subject, probe in rows if (subject, probe) in asked]


def with_memory(node: Node, outcomes: Iterable[Outcome]) -> list[Outcome]:
    """Add what was last seen where this round met silence, or did not look as deep.

    Going down must not improve a grade, nor must a night of the fast pass alone.
    """
    known = list(outcomes)
    asked = {(one.subject, one.probe) for one in known}
    silent = {(one.subject, one.probe) for one in known if isinstance(one, NotObserved)}
    hosts = {host_of(one.subject) for one in known}
    remembered = [
        observation_of(sighting)
        for sighting in Sighting.objects.filter(node=node, current=True)
        if (key := (sighting.subject, sighting.probe)) in silent
        or (key not in asked and _is_deep(sighting) and _is_of(sighting, hosts))
    ]
    return [*known, *remembered]


def _is_deep(sighting: Sighting) -> bool:
    return sighting.probe in DEEP_ONLY_PROBES or sighting.subject.startswith("[")


def _is_of(sighting: Sighting, hosts: set[str]) -> bool:
    """Tell whether the host was asked about; an IPv6 address stands beside a name that was."""
    return sighting.subject.startswith("[") or host_of(sighting.subject) in hosts


def observation_of(sighting: Sighting) -> Observation:
    """Return the stored answer as it was observed last."""
    return Observation(
        subject=sighting.subject,
        probe=sighting.probe,
        value=sighting.value,
        evidence=bytes(sighting.evidence),
        at=sighting.last_seen_at,
        confidence=sighting.confidence,
        product=sighting.product or None,
        version=sighting.version or None,
    )
