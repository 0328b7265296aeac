"""What people do about a finding: each a POST, undone by the button of its message."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from hygie.domain.findings import access, actions
from hygie.domain.findings.actions import PlanError
from hygie.domain.findings.lifecycle import LifecycleError
from hygie.domain.people.roles import Permission
from hygie.web.findings.forms import AcceptForm, PlanForm
from hygie.web.findings.page import detail_page

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpResponse

    from hygie.domain.findings.models import Finding
    from hygie.web.asking import PersonRequest


@require_POST
@login_required
def take(request: PersonRequest, finding_id: int) -> HttpResponse:
    """Take the finding in charge."""
    finding = access.finding_for(request.user, finding_id, Permission.FINDING_PLAN)
    return _do(
        request,
        finding,
        lambda: actions.take(finding, user=request.user, now=timezone.now()),
        _("C’est noté : vous vous en occupez."),
    )


@require_POST
@login_required
def plan(request: PersonRequest, finding_id: int) -> HttpResponse:
    """Schedule the repair; a date that does not hold comes back with its reason."""
    finding = access.finding_for(request.user, finding_id, Permission.FINDING_PLAN)
    form = PlanForm(request.POST)
    if form.is_valid():
        try:
            actions.plan(finding, on=form.cleaned_data["on"], user=request.user, now=timezone.now())
        except PlanError as error:
            form.add_error("on", str(error))
        except LifecycleError as error:
            return _refuse(request, finding, error)
        else:
            return _done(request, finding, _("La correction est planifiée."))
    page = detail_page(request, finding, plan_form=form)
    return render(request, "hygie/findings/detail.html", page, status=422)


@require_POST
@login_required
def accept(request: PersonRequest, finding_id: int) -> HttpResponse:
    """Accept the risk until a date; what does not hold comes back with its reason."""
    finding = access.finding_for(request.user, finding_id, Permission.FINDING_ACCEPT)
    form = AcceptForm(request.POST)
    if form.is_valid():
        try:
            actions.accept(
                finding,
                until=form.cleaned_data["until"],
                reason=form.cleaned_data["reason"],
                user=request.user,
                now=timezone.now(),
            )
        except PlanError as error:
            form.add_error(_field_at_fault(form), str(error))
        except LifecycleError as error:
            return _refuse(request, finding, error)
        else:
            return _done(request, finding, _("Le risque est accepté jusqu’à cette date."))
    page = detail_page(request, finding, accept_form=form)
    return render(request, "hygie/findings/detail.html", page, status=422)


@require_POST
@login_required
def declare(request: PersonRequest, finding_id: int) -> HttpResponse:
    """Say that the repair is done."""
    finding = access.finding_for(request.user, finding_id, Permission.FINDING_PLAN)
    return _do(
        request,
        finding,
        lambda: actions.declare_fixed(finding, user=request.user, now=timezone.now()),
        _("C’est noté : la prochaine ronde vérifiera la correction."),
    )


@require_POST
@login_required
def reopen(request: PersonRequest, finding_id: int) -> HttpResponse:
    """Undo the last plan, acceptance or declaration."""
    finding = access.finding_to_reopen(request.user, finding_id)
    try:
        actions.reopen(finding, user=request.user, now=timezone.now())
    except LifecycleError as error:
        return _refuse(request, finding, error)
    messages.success(request, _("C’est annulé : le constat est de nouveau à traiter."))
    return _back(request, finding)


def _do(
    request: PersonRequest, finding: Finding, act: Callable[[], Finding], said: str
) -> HttpResponse:
    try:
        act()
    except LifecycleError as error:
        return _refuse(request, finding, error)
    return _done(request, finding, said)


def _done(request: PersonRequest, finding: Finding, said: str) -> HttpResponse:
    messages.success(request, f"{finding.title} – {said}", extra_tags=f"undo-{finding.pk}")
    return _back(request, finding)


def _refuse(request: PersonRequest, finding: Finding, error: LifecycleError) -> HttpResponse:
    messages.error(request, str(error))
    return _back(request, finding)


def _back(request: PersonRequest, finding: Finding) -> HttpResponse:
    """Go back to the page the button was on, when it said which."""
    back = request.POST.get("next", "")
    if back and url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()}):
        return redirect(back)
    return redirect(reverse("finding", args=[finding.pk]))


def _field_at_fault(form: AcceptForm) -> str:
    """Tell which field an action refused: the reason when it is too short, else the date."""
    short = len(form.cleaned_data["reason"].strip()) < actions.REASON_MIN_CHARACTERS
    return "reason" if short else "until"
