"""Read the stream: lists, one advisory with what its revisions changed, counts by month."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from django.db.models import Count, Q
from django.db.models.functions import TruncMonth
from django.http import Http404

from hygie.domain.findings.lifecycle import LIVE_STATES
from hygie.domain.findings.models import Finding
from hygie.domain.territory.queries import below
from hygie.domain.veille.models import Advisory, AdvisoryCve, Refusal

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.db.models import QuerySet

    from hygie.domain.people.models import User

MONTHS: Final = 12
_SINGLE: Final = ("title", "summary", "updated_on", "closed_on")


@dataclass(frozen=True, slots=True)
class StreamFilters:
    """What the stream is narrowed to; an empty value does not narrow.

    Attributes:
        kind: an AdvisoryKind value.
        text: part of the title, the reference or the publisher, or a CVE.
        concerned: only what names a vulnerability that is still at the reader's places.
        since: updated that day or later.
        node_id: a place and what lies below, for ``concerned``.
    """

    kind: str = ""
    text: str = ""
    concerned: bool = False
    since: dt.date | None = None
    node_id: int | None = None


class Change(NamedTuple):
    """What one field lost and gained between two states of an advisory.

    Attributes:
        field: ``title``, ``summary``, ``updated_on``, ``closed_on``, ``cve_ids``, ``products``,
            ``risks``, ``remedies``.
        removed, added: texts.
    """

    field: str
    removed: tuple[str, ...]
    added: tuple[str, ...]


class Step(NamedTuple):
    """One revision as it came: when, what changed, whether it withdrew the advisory."""

    at: dt.datetime
    changes: tuple[Change, ...]
    withdrawn: bool


def listed(user: User, filters: StreamFilters) -> QuerySet[Advisory]:
    """Return the advisories that pass the filters, the last updated first."""
    rows = Advisory.objects.all()
    if filters.kind:
        rows = rows.filter(kind=filters.kind)
    if filters.since is not None:
        rows = rows.filter(updated_on__gte=filters.since)
    if filters.text:
        rows = rows.filter(_holds_text(filters.text))
    if filters.concerned:
        live = Finding.objects.visible_to(user).filter(state__in=LIVE_STATES).exclude(cve_id="")
        if filters.node_id is not None:
            live = live.filter(node_id__in=below(filters.node_id))
        named = AdvisoryCve.objects.filter(cve_id__in=live.values("cve_id"))
        rows = rows.filter(pk__in=named.values("advisory_id"))
    return rows.order_by("-updated_on", "-pk")


def advisory_for(advisory_id: int) -> Advisory:
    """Return the advisory; it is national.

    Raises:
        Http404: if there is none.
    """
    found = Advisory.objects.filter(pk=advisory_id).first()
    if found is None:
        raise Http404
    return found


def steps(advisory: Advisory) -> list[Step]:
    """Return what each revision changed, newest first; the first state changes nothing."""
    states = list(advisory.states.all())
    found = [Step(states[0].at, (), bool(states[0].content.get("closed_on")))] if states else []
    for before, after in pairwise(states):
        withdrawn = bool(after.content.get("closed_on")) and not before.content.get("closed_on")
        found.append(Step(after.at, differences(before.content, after.content), withdrawn))
    return found[::-1]


def differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[Change, ...]:
    """Return what changed between two states, field by field, in a fixed order."""
    found = []
    for field in (*_SINGLE, "cve_ids", "products", "risks", "remedies"):
        old, new = _texts(before.get(field)), _texts(after.get(field))
        removed = tuple(one for one in old if one not in new)
        added = tuple(one for one in new if one not in old)
        if removed or added:
            found.append(Change(field, removed, added))
    return tuple(found)


def by_month(*, on: dt.date) -> list[tuple[dt.date, int]]:
    """Return how many advisories were published in each of the last MONTHS months."""
    first = (on.replace(day=1) - dt.timedelta(days=31 * (MONTHS - 1))).replace(day=1)
    rows = (
        Advisory.objects.filter(published_on__gte=first, published_on__lte=on)
        .exclude(kind__in=("kev", "epss"))
        .order_by()
        .annotate(month=TruncMonth("published_on"))
        .values_list("month")
        .annotate(n=Count("pk"))
    )
    counts = dict(rows)
    months = [first]
    while (following := (months[-1] + dt.timedelta(days=32)).replace(day=1)) <= on:
        months.append(following)
    return [(month, counts.get(month, 0)) for month in months[-MONTHS:]]


def refusals() -> QuerySet[Refusal]:
    """Return the documents that could not be taken in, newest first."""
    return Refusal.objects.order_by("-at", "-pk")


def _texts(value: object) -> list[str]:
    if isinstance(value, str):
        return [value] if value else []
    if not isinstance(value, list):
        return []
    return [_text(one) for one in value]


def _text(one: object) -> str:
    if isinstance(one, dict):
        vendor, text = str(one.get("vendor", "")), str(one.get("text", ""))
        return f"{vendor} – {text}" if vendor and vendor not in text else text
    return " – ".join(str(part) for part in one if part) if isinstance(one, list) else str(one)


def _holds_text(text: str) -> Q:
    found = Q(title__icontains=text) | Q(reference__icontains=text) | Q(publisher__icontains=text)
    named = AdvisoryCve.objects.filter(cve_id__iexact=text.strip())
    return found | Q(pk__in=named.values("advisory_id"))
