"""Where the person is signed in, and how to sign out from afar."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from hygie.domain.people import access, sessions
from hygie.domain.people.queries import sign_ins_of

if TYPE_CHECKING:
    from django.http import HttpResponse

    from hygie.web.asking import PersonRequest


@require_safe
@login_required
def session_list(request: PersonRequest) -> HttpResponse:
    """List the browsers where the person is signed in."""
    since = timezone.now() - timedelta(seconds=settings.SESSION_COOKIE_AGE)
    rows = sign_ins_of(request.user).filter(opened_at__gte=since)[:50]
    context = {"rows": rows, "here": request.session.session_key}
    return render(request, "hygie/accounts/sessions.html", context)


@require_POST
@login_required
def revoke(request: PersonRequest, sign_in_id: int) -> HttpResponse:
    """Sign one browser out."""
    found = access.sign_in_for(request.user, sign_in_id)
    sessions.revoke(found, actor=request.user.actor, now=timezone.now())
    messages.success(request, _("Cette session est fermée."))
    return redirect("session-list")


@require_POST
@login_required
def revoke_all(request: PersonRequest) -> HttpResponse:
    """Sign out every browser but this one."""
    ended = sessions.revoke_all(
        request.user,
        actor=request.user.actor,
        now=timezone.now(),
        but=request.session.session_key or "",
    )
    messages.success(
        request,
        ngettext("{n} session fermée.", "{n} sessions fermées.", ended).format(n=ended),
    )
    return redirect("session-list")
