"""What a person was told, newest first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.decorators import login_required
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from hygie.domain.people import actions
from hygie.domain.people.queries import notices_of
from hygie.web.paging import page_of

if TYPE_CHECKING:
    from django.http import HttpResponse

    from hygie.web.asking import PersonRequest


@require_safe
@login_required
def notice_list(request: PersonRequest) -> HttpResponse:
    """List the notices of the person."""
    page = page_of(notices_of(request.user), request.GET.get("page"))
    return render(request, "hygie/people/notices.html", {"page": page})


@require_POST
@login_required
def mark_read(request: PersonRequest) -> HttpResponse:
    """Mark every notice of the person as read."""
    actions.mark_read(request.user, now=timezone.now())
    return redirect("notice-list")
