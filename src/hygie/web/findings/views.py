"""The list of findings and one finding."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from hygie.domain.findings import access, queries
from hygie.domain.people.access import node_for
from hygie.domain.people.roles import Permission
from hygie.web.asking import permissions_of
from hygie.web.findings.forms import FindingFilter
from hygie.web.findings.lines import lines
from hygie.web.findings.page import detail_page
from hygie.web.findings.table import csv_answer
from hygie.web.paging import page_of

if TYPE_CHECKING:
    from django.http import HttpResponse, StreamingHttpResponse

    from hygie.domain.findings.queries import Filters
    from hygie.domain.territory.models import Node
    from hygie.web.asking import PersonRequest


@require_safe
@login_required
@vary_on_headers("HX-Request")
def finding_list(request: PersonRequest) -> HttpResponse:
    """List the findings in the reader's scope, most urgent first."""
    form, filters, node = _asked(request)
    now = timezone.now()
    rows = queries.listed(request.user, filters, now=now)
    page = page_of(rows, request.GET.get("page"), shown=queries.rows_of_a_list())
    context = {
        "form": form,
        "filters": filters,
        "node": node,
        "page": page,
        "lines": lines(page.rows, now=now),
    }
    name = "_table" if request.htmx else "list"
    return render(request, f"hygie/findings/{name}.html", context)


@require_safe
@login_required
def finding_table(request: PersonRequest) -> StreamingHttpResponse:
    """Give the list as shown, as a CSV file."""
    _, filters, _ = _asked(request)
    return csv_answer(queries.listed(request.user, filters, now=timezone.now()))


@require_safe
@login_required
def finding_detail(request: PersonRequest, finding_id: int) -> HttpResponse:
    """Show one finding: what, why, what to do, by when, and what proves it."""
    finding = access.finding_for(request.user, finding_id)
    return render(request, "hygie/findings/detail.html", detail_page(request, finding))


def _asked(request: PersonRequest) -> tuple[FindingFilter, Filters, Node | None]:
    """Return the filters of the request; a place out of scope does not exist."""
    if Permission.FINDING_READ not in permissions_of(request):
        raise Http404
    form = FindingFilter(request.GET)
    filters = form.filters()
    node = None
    if filters.node_id is not None:
        node = node_for(request.user, filters.node_id, Permission.FINDING_READ)
    return form, filters, node
