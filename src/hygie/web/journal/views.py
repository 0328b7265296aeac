"""The journal page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import render
from django.views.decorators.http import require_safe

from hygie.domain.people.roles import Permission
from hygie.web.asking import permissions_of
from hygie.web.forms import TextFilter
from hygie.web.journal import reading
from hygie.web.paging import page_of

if TYPE_CHECKING:
    from django.http import HttpResponse

    from hygie.web.asking import PersonRequest


@require_safe
@login_required
def journal(request: PersonRequest) -> HttpResponse:
    """List who did what in the reader's scope, newest first."""
    if Permission.JOURNAL_READ not in permissions_of(request):
        raise Http404
    form = TextFilter(request.GET)
    page = page_of(reading.entries(request.user, text=form.text()), request.GET.get("page"))
    context = {"form": form, "page": page, "lines": reading.lines(request.user, page.rows)}
    return render(request, "hygie/journal/journal.html", context)
