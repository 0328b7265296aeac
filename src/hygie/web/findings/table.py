"""The list of findings as a CSV file that no spreadsheet will run as formulas."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING, Final

from django.http import StreamingHttpResponse
from django.utils.translation import gettext as _

from hygie.domain.findings.telling import title_of
from hygie.engines.exchange.tabular import safe_cell

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.db.models import QuerySet

    from hygie.domain.findings.models import Finding

ROWS_AT_MOST: Final = 100_000


class _Echo:
    """A file that gives back what is written to it."""

    def write(self, text: str) -> str:
        return text


def csv_answer(findings: QuerySet[Finding]) -> StreamingHttpResponse:
    """Return the findings as CSV, UTF-8 with a mark so that spreadsheets read accents."""
    answer = StreamingHttpResponse(_lines(findings), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="constats.csv"'
    return answer


def _lines(findings: QuerySet[Finding]) -> Iterator[str]:
    writer = csv.writer(_Echo(), delimiter=";", lineterminator="\r\n")
    yield "\ufeff"
    yield writer.writerow(_header())
    for finding in findings[:ROWS_AT_MOST].iterator(chunk_size=1000):
        yield writer.writerow([safe_cell(cell) for cell in _row(finding)])


def _header() -> list[str]:
    return [
        _("Constat"),
        _("FINESS"),
        _("Établissement"),
        _("Titre"),
        _("Cible"),
        _("Endroit"),
        _("CVE"),
        _("Origine"),
        _("Gravité"),
        _("Décision"),
        _("État"),
        _("Échéance (UTC)"),
        _("Vu la première fois (UTC)"),
        _("Vu la dernière fois (UTC)"),
        _("Pris en charge par"),
        _("Planifié le"),
        _("Accepté jusqu’au"),
    ]


def _row(finding: Finding) -> list[str]:
    dates = (finding.due_at, finding.first_seen_at, finding.last_seen_at)
    return [
        str(finding.pk),
        finding.node.code,
        finding.node.name,
        title_of(finding),
        finding.subject,
        finding.place,
        finding.cve_id,
        str(finding.get_origin_display()),
        str(finding.get_severity_display()),
        str(finding.get_decision_display()),
        str(finding.get_state_display()),
        *(at.strftime("%Y-%m-%dT%H:%M:%SZ") if at else "" for at in dates),
        finding.taken_by,
        *(on.isoformat() if on else "" for on in (finding.planned_on, finding.accepted_until)),
    ]
