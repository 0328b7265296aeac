"""The tree, the search and the page of a place."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.decorators import login_required
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from hygie.domain.people.access import node_for
from hygie.vocabulary.enums import NodeKind
from hygie.web.asking import grants_of
from hygie.web.forms import TextFilter
from hygie.web.paging import page_of
from hygie.web.territory import reading
from hygie.web.territory.page import children_table, establishment_page, place_page

if TYPE_CHECKING:
    from django.http import HttpResponse

    from hygie.web.asking import PersonRequest


@require_safe
@login_required
def territory(request: PersonRequest) -> HttpResponse:
    """Open the territory where the reader's roles lie."""
    roots = reading.roots_of(grants_of(request))
    if len(roots) == 1:
        return redirect("node", roots[0].pk)
    context = {"roots": roots, "table": children_table(request, roots)}
    return render(request, "hygie/territory/roots.html", context)


@require_safe
@login_required
def search(request: PersonRequest) -> HttpResponse:
    """Find places by name, town or FINESS number; a single FINESS match opens it."""
    form = TextFilter(request.GET)
    text = form.text().strip()
    page = page_of(reading.matching(request.user, text), request.GET.get("page")) if text else None
    if page and page.total == 1 and page.rows[0].code == text.replace(" ", ""):
        return redirect("node", page.rows[0].pk)
    context = {"form": form, "page": page, "search_text": text}
    return render(request, "hygie/territory/search.html", context)


@require_safe
@login_required
def node(request: PersonRequest, node_id: int) -> HttpResponse:
    """Show a place: an establishment with its grade, or what lies under a wider one."""
    found = node_for(request.user, node_id)
    if found.kind == NodeKind.ET:
        page = establishment_page(request, found)
        return render(request, "hygie/territory/establishment.html", page)
    return render(request, "hygie/territory/place.html", place_page(request, found))
