"""Read declarations, within the reader's scope."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.db.models import Q

from hygie.domain.territory.queries import below
from hygie.domain.veille.models import VexStatement

if TYPE_CHECKING:
    import datetime as dt

    from django.contrib.auth.models import AnonymousUser
    from django.db.models import QuerySet

    from hygie.domain.findings.models import Finding
    from hygie.domain.people.models import User

STANDINGS: Final = ("force", "waiting", "over", "all")


@dataclass(frozen=True, slots=True)
class StatementFilters:
    """What a list of declarations is narrowed to; an empty value does not narrow.

    Attributes:
        standing: one of STANDINGS; ``over`` is ended or revoked.
        text: part of the CVE, the product or the author.
        node_id: a place and what lies below.
    """

    standing: str = "force"
    text: str = ""
    node_id: int | None = None


def local_statements(
    user: User | AnonymousUser, filters: StatementFilters, *, on: dt.date
) -> QuerySet[VexStatement]:
    """Return the declarations of establishments that ``user`` may read, soonest end first."""
    rows = VexStatement.objects.visible_to(user).filter(node__isnull=False)
    if filters.node_id is not None:
        rows = rows.filter(node_id__in=below(filters.node_id))
    return _narrowed(rows, filters, on).select_related("node").order_by("expires_on", "pk")


def national_statements(filters: StatementFilters, *, on: dt.date) -> QuerySet[VexStatement]:
    """Return the declarations of manufacturers, which everybody reads, newest first."""
    rows = VexStatement.objects.filter(node__isnull=True)
    return _narrowed(rows, filters, on).order_by("-said_on", "-pk")


def statement_behind(finding: Finding) -> VexStatement | None:
    """Return the declaration that set a finding aside, None when none did."""
    last = finding.events.filter(kind="set_aside").order_by("-at", "-pk").first()
    number = last.detail.get("statement") if last else None
    return VexStatement.objects.filter(pk=number).first() if isinstance(number, int) else None


def waiting_about(finding: Finding) -> VexStatement | None:
    """Return the declaration about a finding that waits for a second person."""
    return VexStatement.objects.filter(
        _waiting(),
        node=finding.node_id,
        cve_id=finding.cve_id,
        product__iexact=finding.place,
        subject__in=("", finding.subject),
    ).first()


def standing_of(statement: VexStatement, *, on: dt.date) -> str:
    """Return where a declaration stands: ``force``, ``waiting``, ``over`` or ``revoked``."""
    if statement.revoked_at:
        return "revoked"
    if statement.expires_on and statement.expires_on < on:
        return "over"
    return "waiting" if statement.needs_approval and not statement.approved_at else "force"


def _narrowed(
    rows: QuerySet[VexStatement], filters: StatementFilters, on: dt.date
) -> QuerySet[VexStatement]:
    over = Q(revoked_at__isnull=False) | Q(expires_on__lt=on)
    if filters.standing == "over":
        rows = rows.filter(over)
    elif filters.standing == "waiting":
        rows = rows.filter(_waiting()).exclude(over)
    elif filters.standing != "all":
        rows = rows.exclude(over).exclude(_waiting())
    if filters.text:
        rows = rows.filter(
            Q(cve_id__icontains=filters.text)
            | Q(product__icontains=filters.text)
            | Q(author__icontains=filters.text)
        )
    return rows


def _waiting() -> Q:
    return Q(needs_approval=True, approved_at__isnull=True, revoked_at__isnull=True)
