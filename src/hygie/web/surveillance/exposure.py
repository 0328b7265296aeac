"""What the Internet sees of an establishment: grades, points lost, themes, proofs, replay."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import render
from django.views.decorators.http import require_safe

from hygie.domain.people.access import may, node_for
from hygie.domain.people.roles import Permission
from hygie.domain.surveillance import queries
from hygie.domain.surveillance.models import GradeGiven, Proposal, ProposalState
from hygie.domain.surveillance.sealing import replay
from hygie.web.charts import grade_trend
from hygie.web.surveillance.themes import theme_bars
from hygie.web.territory.grading import explain_grade
from hygie.web.territory.reading import path_to

if TYPE_CHECKING:
    from django.http import HttpResponse

    from hygie.web.asking import PersonRequest

GRADES: Final = 24
EVIDENCE_SHOWN: Final = 200


@require_safe
@login_required
def exposure(request: PersonRequest, node_id: int) -> HttpResponse:
    """Show the grade now, where each point went, and the grades before."""
    node = node_for(request.user, node_id, Permission.SURVEILLANCE_READ)
    given = queries.grades(request.user, node.pk, limit=GRADES)
    proposals = Proposal.objects.visible_to(request.user).filter(node=node)
    context = {
        "node": node,
        "path": [*path_to(request.user, node), node],
        "grade": explain_grade(given[0]) if given else None,
        "given": given,
        "trend": grade_trend(given, node.time_zone),
        "bars": theme_bars(explain_grade(given[0])) if given else (),
        "reach": queries.reach(request.user, node.pk),
        "not_reached": queries.not_reached(request.user, node.pk),
        "proposed": proposals.filter(state=ProposalState.PROPOSED).count(),
        "may_import": may(request.user, Permission.ESTATE_WRITE, node.pk),
        "may_read_findings": may(request.user, Permission.FINDING_READ, node.pk),
    }
    return render(request, "hygie/surveillance/exposure.html", context)


@require_safe
@login_required
def replayed(request: PersonRequest, node_id: int) -> HttpResponse:
    """Give an old grade again from what was kept, and show the proofs."""
    node = node_for(request.user, node_id, Permission.SURVEILLANCE_READ)
    text = request.GET.get("note", "")
    rows = GradeGiven.objects.visible_to(request.user).filter(node=node)
    if text.isascii() and text.isdecimal() and len(text) < 19:  # noqa: PLR2004 - a key has 18 digits
        rows = rows.filter(pk=int(text))
    given = rows.order_by("-at", "-pk").first()
    if given is None and text:
        raise Http404
    found = replay(given) if given else None
    context = {
        "node": node,
        "path": [*path_to(request.user, node), node],
        "given": given,
        "grade": explain_grade(given) if given else None,
        "replay": found,
        "evidence": found.evidence[:EVIDENCE_SHOWN] if found else (),
    }
    return render(request, "hygie/surveillance/replay.html", context)
