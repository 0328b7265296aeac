"""The report of an establishment: a page that prints, and the same as an accessible PDF."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from hygie.domain.people.access import may, node_for
from hygie.domain.people.roles import Permission
from hygie.engines.rendering.document import render_pdf
from hygie.web.surveillance.report_content import content_of, document_of
from hygie.web.territory.reading import path_to

if TYPE_CHECKING:
    from hygie.domain.territory.models import Node
    from hygie.web.asking import PersonRequest


@require_safe
@login_required
def synthesis(request: PersonRequest, node_id: int) -> HttpResponse:
    """Show the report: one page for the director, the ranked plan, the annex."""
    node = _node(request, node_id)
    context = {
        "node": node,
        "path": [*path_to(request.user, node), node],
        "content": content_of(request.user, node, now=timezone.now()),
    }
    return render(request, "hygie/surveillance/synthesis.html", context)


@require_safe
@login_required
def as_pdf(request: PersonRequest, node_id: int) -> HttpResponse:
    """Send the report as PDF/UA."""
    node = _node(request, node_id)
    now = timezone.now()
    content = content_of(request.user, node, now=now)
    answer = HttpResponse(render_pdf(document_of(content), now=now), content_type="application/pdf")
    answer["Content-Disposition"] = f'attachment; filename="synthese-{node.code}-{now:%Y%m%d}.pdf"'
    return answer


def _node(request: PersonRequest, node_id: int) -> Node:
    node = node_for(request.user, node_id, Permission.SURVEILLANCE_READ)
    if not may(request.user, Permission.FINDING_READ, node.pk):
        raise Http404
    return node
