"""Declarations "not affected because…": make, follow, approve, revoke and export them."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Final

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from hygie.domain.findings.access import finding_for
from hygie.domain.findings.lifecycle import LIVE_STATES
from hygie.domain.findings.models import Origin
from hygie.domain.people.access import node_for
from hygie.domain.people.roles import Permission
from hygie.domain.veille import access, declaring, national, statements
from hygie.domain.veille.declaring import DeclarationError
from hygie.domain.veille.vex_export import FORMATS, Issuer, write_vex
from hygie.web.asking import permissions_of
from hygie.web.paging import page_of
from hygie.web.veille.forms import DeclareForm, NationalForm, StatementFilter

if TYPE_CHECKING:
    from hygie.domain.territory.models import Node
    from hygie.domain.veille.models import VexStatement
    from hygie.web.asking import PersonRequest

PROPOSED_DAYS: Final = 90
EXPORT_MAX: Final = 20_000


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def declare(request: PersonRequest, finding_id: int) -> HttpResponse:
    """Say why a vulnerability does not concern the establishment."""
    finding = finding_for(request.user, finding_id, Permission.FINDING_ACCEPT)
    if finding.origin != Origin.VULNERABILITY or finding.state not in LIVE_STATES:
        messages.error(request, _("Ce constat ne peut pas être déclaré « non concerné »."))
        return redirect("finding", finding.pk)
    now = timezone.now()
    longest = declaring.longest_day(finding, now=now)
    proposed = min(longest, timezone.localdate(now) + dt.timedelta(days=PROPOSED_DAYS))
    form = DeclareForm(request.POST or None, initial={"until": proposed})
    if form.is_valid():
        try:
            made = declaring.declare(finding, form.claim(), user=request.user, now=now)
        except DeclarationError as error:
            form.refuse(error)
        else:
            waits = _("C’est noté : une seconde personne doit donner son accord.")
            done = _("C’est noté : le constat est écarté jusqu’à cette date.")
            messages.success(request, waits if made.needs_approval else done)
            return redirect("finding", finding.pk)
    context = {
        "finding": finding,
        "form": form,
        "longest": longest,
        "serious": declaring.is_serious(finding, on=timezone.localdate(now)),
    }
    status = 422 if form.errors else 200
    return render(request, "hygie/veille/declare.html", context, status=status)


@require_safe
@login_required
def statement_list(request: PersonRequest) -> HttpResponse:
    """List what establishments declare, the soonest end first."""
    form, node = _asked(request)
    today = timezone.localdate()
    rows = statements.local_statements(request.user, form.filters(), on=today)
    page = page_of(rows, request.GET.get("page"))
    context = {
        "form": form,
        "node": node,
        "page": page,
        "rows": [_told(request, row, today) for row in page.rows],
        "publishes": access.publishes(request.user),
    }
    return render(request, "hygie/veille/statements.html", context)


@require_safe
@login_required
def national_list(request: PersonRequest) -> HttpResponse:
    """List what manufacturers declare; everybody reads it."""
    form = StatementFilter(request.GET)
    today = timezone.localdate()
    rows = statements.national_statements(form.filters(), on=today)
    page = page_of(rows, request.GET.get("page"))
    context = {
        "form": form,
        "page": page,
        "rows": [_told(request, row, today) for row in page.rows],
        "publishes": access.publishes(request.user),
        "reads": Permission.FINDING_READ in permissions_of(request),
    }
    return render(request, "hygie/veille/national.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def national_new(request: PersonRequest) -> HttpResponse:
    """Type for the nation what a manufacturer says."""
    if not access.publishes(request.user):
        raise Http404
    form = NationalForm(request.POST or None)
    if form.is_valid():
        try:
            national.publish_claim(form.claim(), actor=request.user.email, now=timezone.now())
        except DeclarationError as error:
            form.refuse(error)
        else:
            messages.success(
                request,
                _(
                    "Partagé avec la nation ; chaque établissement en tient compte "
                    "à sa prochaine ronde."
                ),
            )
            return redirect("national-statements")
    status = 422 if form.errors else 200
    return render(request, "hygie/veille/national_new.html", {"form": form}, status=status)


@require_POST
@login_required
def approve(request: PersonRequest, statement_id: int) -> HttpResponse:
    """Agree with what a colleague declared."""
    statement = access.statement_for(request.user, statement_id, to_write=True)
    try:
        declaring.approve(statement, user=request.user, now=timezone.now())
    except DeclarationError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("Accord donné : le constat est écarté."))
    return _back(statement)


@require_POST
@login_required
def revoke(request: PersonRequest, statement_id: int) -> HttpResponse:
    """Take a declaration back."""
    statement = access.statement_for(request.user, statement_id, to_write=True)
    try:
        declaring.revoke(statement, user=request.user, now=timezone.now())
    except DeclarationError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("Déclaration retirée : le constat est de nouveau à traiter."))
    return _back(statement)


@require_safe
@login_required
def export(request: PersonRequest) -> HttpResponse:
    """Give the list as shown as a VEX document."""
    form, node = _asked(request)
    kind = request.GET.get("format", FORMATS[0])
    if kind not in FORMATS:
        raise Http404
    rows = statements.local_statements(request.user, form.filters(), on=timezone.localdate())
    issuer = Issuer(
        name=node.name if node else "Hygie", namespace=request.build_absolute_uri("/").rstrip("/")
    )
    body = write_vex(list(rows[:EXPORT_MAX]), kind, issuer=issuer, now=timezone.now())
    answer = HttpResponse(body, content_type="application/json")
    answer["Content-Disposition"] = f'attachment; filename="vex-{kind}.json"'
    return answer


def _asked(request: PersonRequest) -> tuple[StatementFilter, Node | None]:
    if Permission.FINDING_READ not in permissions_of(request):
        raise Http404
    form = StatementFilter(request.GET)
    node_id = form.filters().node_id
    node = node_for(request.user, node_id, Permission.FINDING_READ) if node_id else None
    return form, node


def _told(request: PersonRequest, row: VexStatement, today: dt.date) -> dict[str, object]:
    standing = statements.standing_of(row, on=today)
    writes = standing in ("force", "waiting") and access.may_write(request.user, row)
    mine = row.declared_by.partition(" (")[0] == request.user.email
    return {
        "statement": row,
        "standing": standing,
        "approve": writes and standing == "waiting" and not mine,
        "revoke": writes,
    }


def _back(statement: VexStatement) -> HttpResponse:
    return redirect("national-statements" if statement.node_id is None else "statement-list")
