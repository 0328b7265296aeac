"""The journal's end: does the last line agree with the head."""

from __future__ import annotations

from typing import Final

from django.db import Error

from hygie.domain.journal.models import Entry, Head
from hygie.jobs.checks.check import Check, Status

_NAME: Final = "journal.head"
_TITLE: Final = "Journal"


def check_journal() -> Check:
    """Compare head and last line only; `hygie journal verify` reads every line."""
    try:
        head = Head.objects.filter(pk=1).first()
        last = Entry.objects.order_by("-sequence").values_list("sequence", "hash").first()
    except Error:
        return Check(
            _NAME, _TITLE, Status.UNKNOWN, "illisible", "Réparez d’abord la base et ses tables."
        )
    if head is None or (head.sequence, head.hash) != (last or (0, "")):
        return Check(
            _NAME, _TITLE, Status.BROKEN, "la fin de chaîne ne suit pas la dernière ligne",
            "Lancez hygie journal verify, et comparez avec une sauvegarde.",
        )  # fmt: skip
    lines = f"{head.sequence} ligne{'s' if head.sequence > 1 else ''}"
    return Check(_NAME, _TITLE, Status.GOOD, f"{lines}, fin {head.hash[:12] or '—'}")
