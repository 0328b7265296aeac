"""Background work: see it, start a round, take up again what failed, stop what runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe
from django.views.decorators.vary import vary_on_headers

from hygie.domain.outbox.access import mail_for
from hygie.domain.people.access import node_for
from hygie.domain.people.roles import Permission
from hygie.domain.rounds import access
from hygie.domain.rounds.actions import open_round
from hygie.jobs import works
from hygie.jobs.backend import backend
from hygie.vocabulary.errors import HygieError
from hygie.web.asking import permissions_of
from hygie.web.jobs.page import moving, works_page

if TYPE_CHECKING:
    from django.http import HttpResponse

    from hygie.web.asking import PersonRequest


@require_safe
@login_required
@vary_on_headers("HX-Request")
def work_list(request: PersonRequest) -> HttpResponse:
    """Show what runs, what waits and what failed; the moving part alone when asked for it."""
    _only_who_runs(request)
    if request.htmx:
        return render(request, "hygie/jobs/_moving.html", {"moving": moving(request)})
    return render(request, "hygie/jobs/list.html", works_page(request))


@require_POST
@login_required
def start(request: PersonRequest) -> HttpResponse:
    """Start a round over a place; the one under way goes on when there is one."""
    _only_who_runs(request)
    node_id = request.POST.get("node", "")
    if not node_id.isdecimal():
        messages.error(request, _("Choisissez un lieu, puis lancez la ronde."))
        return redirect("work-list")
    node = node_for(request.user, int(node_id), Permission.ROUND_RUN)
    try:
        with transaction.atomic():
            turn, new = open_round(node, actor=request.user.email, now=timezone.now())
            backend().begin(turn)
    except HygieError as error:
        messages.error(request, str(error))
        return redirect("work-list")
    said = _("La ronde est lancée.") if new else _("Une ronde courait déjà ici ; elle continue.")
    messages.success(
        request, said + " " + _("Vous pouvez partir : un message vous préviendra à la fin.")
    )
    return redirect("work-list")


@require_POST
@login_required
def retry(request: PersonRequest) -> HttpResponse:
    """Take up again a round, an item or an e-mail that failed."""
    return _act(request, "retry", _("C’est relancé."))


@require_POST
@login_required
def stop(request: PersonRequest) -> HttpResponse:
    """Stop a round where it stands, or give up an e-mail."""
    return _act(request, "cancel", _("C’est arrêté. Rien de ce qui est fait n’est perdu."))


def _act(request: PersonRequest, verb: str, said: str) -> HttpResponse:
    _only_who_runs(request)
    name = request.POST.get("name", "")
    try:
        _check_scope(request, name)
        getattr(works, verb)(name, actor=request.user.email, now=timezone.now())
    except HygieError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, said)
    return redirect("work-list")


def _check_scope(request: PersonRequest, name: str) -> None:
    """Let pass what the person may act on; what is not theirs does not exist.

    Raises:
        Http404: if it does not exist or is not theirs.
        UsageError: if it is no name of a work.
    """
    kind, pk = works.parse_name(name)
    if kind == "ronde":
        access.round_to_run(request.user, pk)
    elif kind == "element":
        access.item_to_run(request.user, pk)
    elif kind == "courriel":
        mail_for(request.user, pk)
    else:  # the jobs of the queue are the command line's
        raise Http404


def _only_who_runs(request: PersonRequest) -> None:
    if Permission.ROUND_RUN not in permissions_of(request):
        raise Http404
