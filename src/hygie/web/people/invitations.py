"""Invite somebody, and answer an invitation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from allauth.account.internal.flows.login import record_authentication
from allauth.core import ratelimit
from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import Http404
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from hygie.domain.outbox.letters import Letter
from hygie.domain.people import access, inviting
from hygie.domain.people.inviting import InvitationError
from hygie.domain.people.models import RoleChoice
from hygie.domain.people.roles import Permission
from hygie.vocabulary.enums import Role
from hygie.web.accounts.warning import send_letter
from hygie.web.people.forms import InviteForm, NewAccountForm
from hygie.web.territory.reading import path_to

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from hygie.domain.people.models import Invitation
    from hygie.domain.territory.models import Node
    from hygie.web.asking import PersonRequest

_BACKEND = "django.contrib.auth.backends.ModelBackend"


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def invite(request: PersonRequest, node_id: int) -> HttpResponse:
    """Offer a role on a place."""
    node = access.node_for(request.user, node_id, Permission.PEOPLE_INVITE)
    roles = inviting.invitable_roles(request.user, node, on=timezone.localdate())
    form = InviteForm(request.POST or None, roles=roles)
    if request.method == "POST" and form.is_valid():
        role, email = Role(form.cleaned_data["role"]), form.cleaned_data["email"]
        try:
            made = _invite(request, email, role, node)
        except InvitationError as error:
            form.add_error("email", str(error))
        else:
            messages.success(
                request,
                _("Invitation envoyée à {email}, valable {days} jours.").format(
                    email=made.email, days=inviting.INVITATION_DAYS
                ),
            )
            return redirect("people-list")
    context = {
        "form": form,
        "node": node,
        "path": [*path_to(request.user, node), node],
        "roles": roles,
    }
    return render(
        request, "hygie/people/invite.html", context, status=422 if form.is_bound else 200
    )


@require_POST
@login_required
def withdraw(request: PersonRequest, invitation_id: int) -> HttpResponse:
    """Take an invitation back."""
    made = access.invitation_for(request.user, invitation_id)
    offered = inviting.invitable_roles(request.user, made.node, on=timezone.localdate())
    if Role(made.role) not in offered:
        raise Http404
    inviting.withdraw(made, actor=request.user.actor, now=timezone.now())
    messages.success(request, _("L’invitation est retirée : son lien n’ouvre plus rien."))
    return redirect("people-list")


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def accept(request: HttpRequest, secret: str) -> HttpResponse:
    """Take the role offered; a new address chooses its name and password."""
    if not ratelimit.consume(request, action="invitation"):
        return render(request, "429.html", status=429)
    try:
        made = inviting.open_invitation(secret, now=timezone.now())
    except InvitationError as error:
        return _page(request, {"error": str(error)}, status=404)
    known = inviting.account_of(made)
    if known is None:
        return _accept_new(request, secret, made)
    if not request.user.is_authenticated or request.user.pk != known.pk:
        back = reverse("invitation-accept", args=[secret])
        return _page(request, {"invitation": made, "sign_in": True, "back": back})
    if request.method == "POST":
        inviting.accept(secret, now=timezone.now(), person=known)
        return _welcome(request, made)
    return _page(request, {"invitation": made})


def _accept_new(request: HttpRequest, secret: str, made: Invitation) -> HttpResponse:
    if request.user.is_authenticated:
        return _page(request, {"invitation": made, "somebody_else": True})
    form = NewAccountForm(request.POST or None, email=made.email)
    if request.method != "POST" or not form.is_valid():
        return _page(
            request, {"invitation": made, "form": form}, status=422 if form.is_bound else 200
        )
    user = inviting.accept(
        secret,
        now=timezone.now(),
        name=form.cleaned_data["name"],
        password=form.cleaned_data["password"],
    )
    login(request, user, backend=_BACKEND)
    record_authentication(request, user, method="password", email=user.email)
    return _welcome(request, made)


def _welcome(request: HttpRequest, made: Invitation) -> HttpResponse:
    label = RoleChoice(made.role).label
    messages.success(
        request, _("Bienvenue : {role}, {place}.").format(role=label, place=made.node.name)
    )
    return redirect("home")


def _page(request: HttpRequest, context: dict[str, object], status: int = 200) -> HttpResponse:
    answer = render(request, "hygie/people/accept.html", context, status=status)
    # The address of this page is a secret: no other site may learn it from a link.
    answer.headers["Referrer-Policy"] = "no-referrer"
    return answer


def _invite(request: PersonRequest, email: str, role: Role, node: Node) -> Invitation:
    """Make the invitation and queue its e-mail: both, or neither."""
    now = timezone.now()
    with transaction.atomic():
        secret, made = inviting.invite(email, role, node, inviter=request.user, now=now)
        letter = Letter(made.email, _("Invitation à rejoindre Hygie"), _text(request, made, secret))
        send_letter(letter, ends_at=made.expires_at, now=now)
    return made


def _text(request: PersonRequest, made: Invitation, secret: str) -> str:
    link = request.build_absolute_uri(reverse("invitation-accept", args=[secret]))
    return render_to_string(
        "hygie/people/invitation.txt",
        {
            "inviter": request.user,
            "invitation": made,
            "role": RoleChoice(made.role).label,
            "link": link,
            "days": inviting.INVITATION_DAYS,
        },
    )
