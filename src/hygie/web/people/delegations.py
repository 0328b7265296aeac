"""Act for a member of one's group: propose, accept, revoke."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from hygie.domain.people import access, delegating, queries
from hygie.domain.people.delegating import DelegationError, Terms
from hygie.domain.people.roles import Permission
from hygie.vocabulary.enums import Role
from hygie.web.accounts.second_factor import has_one
from hygie.web.asking import grants_of, permissions_of
from hygie.web.paging import page_of
from hygie.web.people.forms import ProposalForm
from hygie.web.people.standing import standing_of

if TYPE_CHECKING:
    from django.http import HttpResponse

    from hygie.web.asking import PersonRequest

_CONCERNED = frozenset({Permission.DELEGATION_PROPOSE, Permission.DELEGATION_ACCEPT})


@require_safe
@login_required
def delegation_list(request: PersonRequest) -> HttpResponse:
    """List the delegations that the person proposed, acts under, or may answer."""
    held = permissions_of(request)
    if not held & _CONCERNED:
        raise Http404
    today = timezone.localdate()
    page = page_of(queries.delegations_about(request.user, on=today), request.GET.get("page"))
    context = {
        "page": page,
        "rows": [standing_of(made, request.user, on=today) for made in page.rows],
        "may_propose": Permission.DELEGATION_PROPOSE in held,
    }
    return render(request, "hygie/people/delegations.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def propose(request: PersonRequest) -> HttpResponse:
    """Ask to act for a member; who acts elsewhere than at home has a second factor."""
    if Permission.DELEGATION_PROPOSE not in permissions_of(request):
        raise Http404
    if not has_one(request.user) and not (settings.HYGIE_DEMO and request.user.is_demo):
        messages.warning(request, _("Agir pour un autre établissement demande un second facteur."))
        return redirect("second-factor")
    grants = [grant for grant in grants_of(request) if grant.role == Role.RSSI]
    form = ProposalForm(
        request.POST or None, grants=grants, initial={"valid_from": timezone.localdate()}
    )
    if request.method == "POST" and form.is_valid():
        try:
            _propose(request, form)
        except DelegationError as error:
            form.add_error(None, str(error))
        else:
            messages.success(
                request, _("Proposition envoyée : rien ne s’ouvre avant l’accord du membre.")
            )
            return redirect("delegation-list")
    status = 422 if form.is_bound else 200
    return render(request, "hygie/people/propose.html", {"form": form}, status=status)


@require_POST
@login_required
def accept(request: PersonRequest, delegation_id: int) -> HttpResponse:
    """Let somebody act for one's establishment."""
    today = timezone.localdate()
    made = access.delegation_for(request.user, delegation_id, on=today)
    try:
        delegating.accept_delegation(made, by=request.user, now=timezone.now())
    except DelegationError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("C’est accordé. Vous pouvez y mettre fin à tout moment."))
    return redirect("delegation-list")


@require_POST
@login_required
def revoke(request: PersonRequest, delegation_id: int) -> HttpResponse:
    """End a delegation, or refuse it, at once."""
    today = timezone.localdate()
    made = access.delegation_for(request.user, delegation_id, on=today)
    try:
        delegating.revoke_delegation(made, by=request.user, now=timezone.now())
    except DelegationError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("C’est terminé : cette délégation n’ouvre plus rien."))
    return redirect("delegation-list")


def _propose(request: PersonRequest, form: ProposalForm) -> None:
    code = "".join(form.cleaned_data["member"].split()).upper()
    today = timezone.localdate()
    member = delegating.members_of_group(request.user, on=today).filter(code=code).first()
    if member is None:
        raise DelegationError(_("aucun membre de votre groupement ne porte ce numéro"))
    terms = Terms(
        permissions=form.chosen(),
        reason=form.cleaned_data["reason"],
        valid_from=form.cleaned_data["valid_from"],
        valid_to=form.cleaned_data["valid_to"],
        role_node=form.role_node(),
    )
    delegating.propose(member, terms, by=request.user, now=timezone.now())
