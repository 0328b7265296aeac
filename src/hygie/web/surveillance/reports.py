"""Import a report of another tool: see what it changes, then take it into account."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from hygie.domain.people.access import node_for
from hygie.domain.people.roles import Permission
from hygie.domain.people.rowsecurity.scope import SYSTEM, speaking
from hygie.domain.rounds.actions import RoundError, open_round
from hygie.domain.rounds.models import Step
from hygie.domain.surveillance.models import DirectoryLevel, ScanImport
from hygie.domain.surveillance.scans import report_of, take
from hygie.engines.exchange.scans.readers import NAMES, READERS
from hygie.jobs.backend import backend
from hygie.vocabulary.enums import NodeKind
from hygie.vocabulary.errors import InputError
from hygie.web.territory.reading import path_to

if TYPE_CHECKING:
    from django.http import HttpResponse

    from hygie.domain.surveillance.scans import Taken
    from hygie.domain.territory.models import Node
    from hygie.web.asking import PersonRequest

MAX_UPLOAD_BYTES: Final = 32 << 20
AFTER: Final = (Step.MATCH, Step.RECONCILE, Step.DECIDE, Step.NOTIFY, Step.MEASURE)
"""What makes decisions of an import; nothing of it speaks to the network."""


class ReportForm(forms.Form):
    """One file and the tool that wrote it."""

    tool = forms.ChoiceField(label=gettext_lazy("Outil"), choices=sorted(NAMES.items()))
    file = forms.FileField(label=gettext_lazy("Rapport (32 Mio au plus)"))

    def clean_file(self) -> object:
        """Refuse what is too large for a page; the command line takes more."""
        file = self.cleaned_data["file"]
        if file.size > MAX_UPLOAD_BYTES:
            raise forms.ValidationError(_("Plus de 32 Mio : importez-le par la ligne de commande."))
        return file


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def import_report(request: PersonRequest, node_id: int) -> HttpResponse:
    """Show the form; with a file, show what it changes or take it into account."""
    node = node_for(request.user, node_id, Permission.ESTATE_WRITE)
    form = ReportForm(request.POST or None, request.FILES or None)
    taken: Taken | None = None
    trial = request.POST.get("act") != "apply"
    if request.method == "POST" and node.kind == NodeKind.ET and form.is_valid():
        try:
            taken = _take(request, node, form, trial=trial)
        except InputError as error:
            form.add_error("file", str(error))
    if taken and not trial:
        messages.success(request, _("Le rapport est pris en compte ; les décisions suivent."))
        return redirect("report-import", node.pk)
    context = {
        "node": node,
        "path": [*path_to(request.user, node), node],
        "form": form,
        "taken": taken,
        "imports": ScanImport.objects.visible_to(request.user).filter(node=node)[:10],
        "names": NAMES,
        "levels": DirectoryLevel.objects.visible_to(request.user)
        .filter(node=node)
        .select_related("scan")[:10],
    }
    return render(request, "hygie/surveillance/import.html", context)


def _take(request: PersonRequest, node: Node, form: ReportForm, *, trial: bool) -> Taken:
    """Read the file for what it is, then reconcile as the platform does in a round."""
    upload = form.cleaned_data["file"]
    document = upload.read()
    scan = READERS[form.cleaned_data["tool"]](document, source=upload.name)
    report = report_of(scan, document, upload.name)
    now = timezone.now()
    with speaking(SYSTEM), transaction.atomic():
        taken = take(node, report, actor=request.user.email, now=now, dry_run=trial)
        if not trial:
            _follow(node, request.user.email)
    return taken


def _follow(node: Node, actor: str) -> None:
    """Have the findings matched, decided and told in the background."""
    try:
        turn, _new = open_round(node, AFTER, actor=actor, now=timezone.now())
    except RoundError:
        return
    backend().begin(turn)
