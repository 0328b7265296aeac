"""A mandate is asked for, read whole, then signed by the direction or sent back."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Final

from allauth.account.internal.flows.reauthentication import raise_if_reauthentication_required
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from hygie.domain.estate import access, proposing, queries
from hygie.domain.estate.models import AssetKind, PerimeterKind
from hygie.domain.estate.permits import MandateError
from hygie.domain.people.access import may, node_for
from hygie.domain.people.roles import Permission
from hygie.jobs.backend import backend
from hygie.vocabulary.enums import NodeKind
from hygie.web.estate.forms import MandateForm, SignForm
from hygie.web.estate.standing import days_in_words
from hygie.web.territory.reading import path_to

if TYPE_CHECKING:
    from django.http import HttpResponse

    from hygie.domain.estate.models import MandateProposal
    from hygie.web.asking import PersonRequest

_SUGGESTED: Final = 50
_A_YEAR_DAYS: Final = 365


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def propose(request: PersonRequest, node_id: int) -> HttpResponse:
    """Ask for a mandate; the form begins with what the estate already says."""
    node = node_for(request.user, node_id, Permission.ESTATE_READ)
    if node.kind != NodeKind.ET or not access.may_propose(request.user, node.pk):
        raise Http404
    form = MandateForm(request.POST or None, initial=_suggestion(node.pk))
    if request.method == "POST" and form.is_valid():
        now = timezone.now()
        try:
            made = proposing.propose_mandate(
                node, form.terms(), form.perimeter(), by=request.user, now=now
            )
        except MandateError as error:
            form.add_error(None, str(error))
        else:
            backend().post(proposing.tell_signatories(made, now=now))
            messages.success(request, _("Mandat proposé : rien n’est sondé avant la signature."))
            return redirect("mandate-proposal", made.pk)
    context = {"node": node, "path": [*path_to(request.user, node), node], "form": form}
    status = 422 if form.is_bound else 200
    return render(request, "hygie/estate/propose.html", context, status=status)


@require_safe
@login_required
def proposal(request: PersonRequest, proposal_id: int) -> HttpResponse:
    """Show what is to be signed, whole."""
    made = access.proposal_for(request.user, proposal_id)
    return _page(request, made, SignForm())


@require_POST
@login_required
def sign(request: PersonRequest, proposal_id: int) -> HttpResponse:
    """Sign; whoever has a password or a key shows it again first."""
    made = access.proposal_for(request.user, proposal_id)
    if not may(request.user, Permission.MANDATE_SIGN, made.node_id):
        raise Http404
    form = SignForm(request.POST)
    if not form.is_valid():
        return _page(request, made, form, status=422)
    raise_if_reauthentication_required(request, app="")
    now = timezone.now()
    try:
        mandate = proposing.sign_proposal(
            made, function=form.cleaned_data["function"], by=request.user, now=now
        )
    except MandateError as error:
        messages.error(request, str(error))
        return redirect("mandate-proposal", made.pk)
    made.refresh_from_db()
    backend().post(proposing.tell_proposer(made, now=now))
    messages.success(request, _("Mandat signé. Vous pouvez le révoquer à tout moment."))
    return redirect("mandate", mandate.pk)


@require_POST
@login_required
def close(request: PersonRequest, proposal_id: int) -> HttpResponse:
    """Send a proposal back unsigned, or take it back."""
    made = access.proposal_for(request.user, proposal_id)
    if not access.may_propose(request.user, made.node_id):
        raise Http404
    now = timezone.now()
    try:
        closed = proposing.close_proposal(made, by=request.user, now=now)
    except MandateError as error:
        messages.error(request, str(error))
    else:
        backend().post(proposing.tell_proposer(closed, now=now))
        messages.success(request, _("La proposition est retirée : rien n’est sondé."))
    return redirect("mandate-proposal", made.pk)


def _page(
    request: PersonRequest, made: MandateProposal, form: SignForm, *, status: int = 200
) -> HttpResponse:
    waits = made.mandate_id is None and made.closed_at is None
    kinds = dict(PerimeterKind.choices)
    context = {
        "proposal": made,
        "node": made.node,
        "path": [*path_to(request.user, made.node), made.node],
        "lines": [(line.value, kinds[line.kind]) for line in proposing.lines_of(made)],
        "days": days_in_words(made.days),
        "last_day": made.valid_to - dt.timedelta(days=1),
        "waits": waits,
        "form": form,
        "may_sign": waits and may(request.user, Permission.MANDATE_SIGN, made.node_id),
        "may_close": waits and access.may_propose(request.user, made.node_id),
    }
    return render(request, "hygie/estate/proposal.html", context, status=status)


def _suggestion(node_id: int) -> dict[str, object]:
    """Return what the estate already says: nobody types twice what is known."""
    today = timezone.localdate()
    domains = queries.names_of(node_id, AssetKind.DOMAIN, at_most=_SUGGESTED)
    networks = queries.names_of(node_id, AssetKind.ADDRESS, at_most=_SUGGESTED)
    return {
        "domains": "\n".join(domains),
        "networks": "\n".join(networks),
        "valid_from": today,
        "last_day": today + dt.timedelta(days=_A_YEAR_DAYS),
    }
