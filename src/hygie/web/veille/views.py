"""The stream: what the world says, whom it concerns here, what its revisions changed."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Final, NamedTuple

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from hygie.domain.findings.lifecycle import LIVE_STATES
from hygie.domain.findings.models import Finding
from hygie.domain.people.access import node_for
from hygie.domain.people.roles import Permission
from hygie.domain.veille import refreshing, stream, subscribing
from hygie.domain.veille.concerning import concerns
from hygie.domain.veille.subscribing import SubscriptionError
from hygie.engines.corpus.feeds import official_feeds
from hygie.web.asking import permissions_of
from hygie.web.paging import page_of
from hygie.web.veille import words
from hygie.web.veille.forms import StreamFilter, SubscriptionForm
from hygie.web.veille.months import month_bars

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.http import HttpResponse
    from django.utils.functional import _StrPromise

    from hygie.domain.veille.concerning import Concern
    from hygie.domain.veille.models import Advisory
    from hygie.engines.corpus.fetching import Fetched
    from hygie.web.asking import PersonRequest

FINDINGS_SHOWN: Final = 20
OLD: Final = dt.timedelta(days=3)


class Told(NamedTuple):
    """An advisory with its answer in words; ``answer`` is empty for who reads no finding."""

    advisory: Advisory
    answer: str
    headline: str
    reason: str
    icon: str


class ChangeTold(NamedTuple):
    """What a revision changed in one field, in words."""

    label: str | _StrPromise
    removed: tuple[str, ...]
    added: tuple[str, ...]


@require_safe
@login_required
def stream_list(request: PersonRequest) -> HttpResponse:
    """List the stream, the last updated first, with whom each concerns."""
    form = StreamFilter(request.GET)
    filters = form.filters()
    reads = Permission.FINDING_READ in permissions_of(request)
    node = (
        node_for(request.user, filters.node_id, Permission.FINDING_READ)
        if filters.node_id
        else None
    )
    page = page_of(stream.listed(request.user, filters), request.GET.get("page"))
    answers = concerns(request.user, page.rows, node_id=filters.node_id) if reads else {}
    context = {
        "form": form,
        "node": node,
        "reads": reads,
        "page": page,
        "rows": [_told(one, answers.get(one.pk)) for one in page.rows],
        "months": month_bars(stream.by_month(on=timezone.localdate())),
    }
    return render(request, "hygie/veille/stream.html", context)


@require_safe
@login_required
def advisory(request: PersonRequest, advisory_id: int) -> HttpResponse:
    """Show one advisory: whom it concerns, what it says, what its revisions changed."""
    found = stream.advisory_for(advisory_id)
    reads = Permission.FINDING_READ in permissions_of(request)
    answers = concerns(request.user, [found]) if reads else {}
    touched = Finding.objects.visible_to(request.user).filter(
        cve_id__in=found.cve_ids, state__in=LIVE_STATES
    )
    context = {
        "told": _told(found, answers.get(found.pk)),
        "advisory": found,
        "reads": reads,
        "findings": list(touched.select_related("node").order_by("rank", "pk")[:FINDINGS_SHOWN])
        if reads
        else [],
        "steps": [
            (
                step,
                [
                    ChangeTold(words.FIELDS.get(one.field, one.field), one.removed, one.added)
                    for one in step.changes
                ],
            )
            for step in stream.steps(found)
        ],
    }
    return render(request, "hygie/veille/advisory.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def subscription(request: PersonRequest) -> HttpResponse:
    """Choose what one is told of the stream, how often, and when never."""
    now = timezone.now()
    mine = subscribing.subscription_of(request.user, now=now)
    form = SubscriptionForm(request.POST or None, initial=SubscriptionForm.initial_of(mine))
    if form.is_valid():
        try:
            subscribing.subscribe(request.user, form.wish(), now=now)
        except SubscriptionError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("C’est noté : vous serez prévenu ainsi."))
            return redirect("veille-subscription")
    status = 422 if form.errors else 200
    context = {"form": form, "reads": Permission.FINDING_READ in permissions_of(request)}
    return render(request, "hygie/veille/subscription.html", context, status=status)


@require_safe
@login_required
def sources(request: PersonRequest) -> HttpResponse:
    """Show how old each official source is, and what could not be taken in."""
    now = timezone.now()
    feeds = official_feeds(on=now.date())
    rows = _by_source(refreshing.standing(feeds, settings.HYGIE_HOME, now=now))
    page = page_of(stream.refusals(), request.GET.get("page"))
    context = {
        "rows": rows,
        "page": page,
        "late": sum(bool(row["old"]) for row in rows),
        "reads": Permission.FINDING_READ in permissions_of(request),
    }
    return render(request, "hygie/veille/sources.html", context)


def _by_source(copies: Sequence[Fetched]) -> list[dict[str, object]]:
    """Sum up the copies of each source; the oldest one gives its age."""
    found: dict[str, list[Fetched]] = {}
    for one in copies:
        found.setdefault(one.feed.id, []).append(one)
    rows: list[dict[str, object]] = []
    for each in found.values():
        ages = [one.age for one in each if one.age is not None]
        absent = sum(one.state == "absent" for one in each)
        oldest = max(ages, default=None)
        rows.append(
            {
                "title": each[0].feed.title,
                "files": len(each),
                "file": each[0].path.name,
                "days": oldest.days if oldest is not None else None,
                "old": bool(absent) or oldest is None or oldest > OLD,
                "size_kib": sum(one.size_bytes for one in each) // 1024,
                "absent": absent,
            }
        )
    return rows


def _told(advisory: Advisory, concern: Concern | None) -> Told:
    if concern is None:
        return Told(advisory, "", "", "", "")
    return Told(
        advisory,
        concern.answer,
        words.headline(concern),
        words.reason(concern),
        words.ICONS[concern.answer],
    )
