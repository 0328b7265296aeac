"""Say "not affected because…", approve it, revoke it, let it end; each is journalled."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils import timezone

from hygie.domain.findings.actions import set_aside, take_back
from hygie.domain.findings.lifecycle import LIVE_STATES
from hygie.domain.findings.models import Finding, Origin, State
from hygie.domain.journal.actions import Act, record
from hygie.domain.people.access import on_behalf_of
from hygie.domain.people.roles import Permission
from hygie.domain.veille.declaring_policy import declaring_policy
from hygie.domain.veille.excuses import covers, excuses_of, told
from hygie.domain.veille.models import Cve, Justification, VexStatement
from hygie.engines.clocks.civil import local_day
from hygie.vocabulary.enums import Criticality, Exploitation
from hygie.vocabulary.errors import UsageError

if TYPE_CHECKING:
    from hygie.domain.people.models import User
    from hygie.domain.people.principal import Principal

IMPACT_MIN_CHARACTERS: Final = 15
"""Shorter texts ("RAS") explain nothing to the auditor who reads them."""

_NEEDS: Final = (Permission.FINDING_ACCEPT,)


class DeclarationError(UsageError):
    """What is declared does not hold; ``field`` names what to correct, empty for the whole."""

    def __init__(self, message: str, *, field: str = "") -> None:
        super().__init__(message)
        self.field = field


@dataclass(frozen=True, slots=True)
class Claim:
    """What an establishment declares of one weakness.

    Attributes:
        justification: a value of Justification.
        impact: why, in words that an auditor reads.
        until: last day it holds.
        everywhere: it is about the product on every asset of the establishment.
    """

    justification: str
    impact: str
    until: dt.date
    everywhere: bool = False


def is_serious(finding: Finding, *, on: dt.date) -> bool:
    """Tell whether the policy wants a second person and a shorter term for this weakness."""
    cve = Cve.objects.filter(pk=finding.cve_id).first()
    exploited = cve is not None and (
        cve.kev_added_on is not None or cve.exploitation == Exploitation.ACTIVE
    )
    vital = finding.asset is not None and finding.asset.criticality == Criticality.VITAL
    return declaring_policy(on).is_serious(exploited=exploited, vital=vital)


def longest_day(finding: Finding, *, now: dt.datetime) -> dt.date:
    """Return the last day until which a declaration about this weakness may hold."""
    today = _today(finding, now)
    days = declaring_policy(today).longest(serious=is_serious(finding, on=today))
    return today + dt.timedelta(days=days)


def declare(
    finding: Finding, claim: Claim, *, user: User | Principal, now: dt.datetime
) -> VexStatement:
    """Declare that the establishment is not affected; it counts at once, or once approved.

    Raises:
        DeclarationError: if the weakness is no known vulnerability still there, a text or a date
            does not hold, or the same is declared already.
    """
    _check(finding, claim, now)
    today = _today(finding, now)
    with transaction.atomic():
        Finding.objects.select_for_update().get(pk=finding.pk)
        statement = VexStatement(
            node=finding.node,
            cve_id=finding.cve_id,
            justification=claim.justification,
            impact=claim.impact.strip(),
            product=finding.place,
            version=str(finding.facts.get("version", "")),
            subject="" if claim.everywhere else finding.subject,
            author=finding.node.name[:254],
            said_on=today,
            declared_by=user.actor,
            declared_at=now,
            expires_on=claim.until,
            needs_approval=is_serious(finding, on=today),
        )
        _check_new(statement, today)
        statement.save()
        journal("vex.declared", statement, user, now)
        if not statement.needs_approval:
            _apply(statement, user, now)
    return statement


def approve(statement: VexStatement, *, user: User | Principal, now: dt.datetime) -> VexStatement:
    """Agree with what somebody else declared: from now it counts.

    Raises:
        DeclarationError: if it waits for nobody, or ``user`` declared it.
    """
    with transaction.atomic():
        kept = _locked(statement)
        if not kept.needs_approval or kept.approved_at or kept.revoked_at:
            raise DeclarationError("cette déclaration n’attend plus d’accord ; rechargez la page")
        if kept.expires_on and kept.expires_on < timezone.localdate(now):
            raise DeclarationError("cette déclaration est échue ; refaites-la si elle vaut encore")
        if kept.declared_by.partition(" (")[0] == user.email:
            raise DeclarationError(
                "l’accord est celui d’une seconde personne ; demandez à la direction ou à un autre "
                "responsable"
            )
        kept.approved_by, kept.approved_at = user.actor, now
        kept.save(update_fields=["approved_by", "approved_at"])
        journal("vex.approved", kept, user, now)
        _apply(kept, user, now)
    return kept


def revoke(statement: VexStatement, *, user: User | Principal, now: dt.datetime) -> VexStatement:
    """Take back a declaration; the weaknesses it set aside are open again.

    A national one is undone for each establishment by its next round.

    Raises:
        DeclarationError: if it was revoked already.
    """
    with transaction.atomic():
        kept = _locked(statement)
        if kept.revoked_at:
            raise DeclarationError("cette déclaration est déjà retirée ; rechargez la page")
        kept.revoked_by, kept.revoked_at = user.actor, now
        kept.save(update_fields=["revoked_by", "revoked_at"])
        journal("vex.revoked", kept, user, now)
        for finding in _about(kept, (State.SET_ASIDE,)):
            if _excuse_of(finding, now) is None:
                take_back(finding, why={"statement": kept.pk}, user=user, now=now)
    return kept


def _locked(statement: VexStatement) -> VexStatement:
    """Return the declaration, locked; PostgreSQL locks no row that a left join may lack."""
    rows = VexStatement.objects.select_for_update(of=("self",)).select_related("node")
    return rows.get(pk=statement.pk)


def _check(finding: Finding, claim: Claim, now: dt.datetime) -> None:
    if finding.origin != Origin.VULNERABILITY or finding.state not in LIVE_STATES:
        raise DeclarationError(
            "seule une vulnérabilité connue encore présente peut être déclarée sans effet ; "
            "rechargez la page"
        )
    if claim.justification not in Justification.values:
        raise DeclarationError("choisissez une raison dans la liste", field="justification")
    if len(claim.impact.strip()) < IMPACT_MIN_CHARACTERS:
        raise DeclarationError(
            f"expliquez en {IMPACT_MIN_CHARACTERS} caractères au moins pourquoi", field="impact"
        )
    if not _today(finding, now) <= claim.until <= longest_day(finding, now=now):
        raise DeclarationError(
            "la déclaration doit finir au plus tard le "
            f"{longest_day(finding, now=now):%d/%m/%Y} ; choisissez une date",
            field="until",
        )


def _check_new(statement: VexStatement, today: dt.date) -> None:
    same = VexStatement.objects.filter(
        node=statement.node,
        cve_id=statement.cve_id,
        product__iexact=statement.product,
        version=statement.version,
        subject=statement.subject,
        revoked_at__isnull=True,
        expires_on__gte=today,
    )
    if same.exists():
        raise DeclarationError("c’est déjà déclaré ; retirez d’abord la déclaration précédente")


def _apply(statement: VexStatement, user: User | Principal, now: dt.datetime) -> None:
    """Set aside at once what an establishment's declaration covers."""
    for finding in _about(statement, LIVE_STATES):
        set_aside(finding, why=told(statement), user=user, now=now)


def _about(statement: VexStatement, states: tuple[State, ...]) -> list[Finding]:
    if statement.node_id is None:
        return []
    rows = Finding.objects.filter(
        node=statement.node_id, cve_id=statement.cve_id, state__in=states
    ).select_related("node", "asset")
    return [
        finding
        for finding in rows.order_by("pk")
        if covers(
            statement,
            name=finding.place,
            version=str(finding.facts.get("version", "")),
            subject=finding.subject,
        )
    ]


def _excuse_of(finding: Finding, now: dt.datetime) -> dict[str, object] | None:
    """Return what else of its establishment still excuses a finding."""
    local = excuses_of(finding.node, on=_today(finding, now)).local(finding.cve_id)
    version = str(finding.facts.get("version", ""))
    for one in local:
        if covers(one, name=finding.place, version=version, subject=finding.subject):
            return told(one)
    return None


def journal(action: str, statement: VexStatement, user: User | Principal, now: dt.datetime) -> None:
    """Write the line of a declaration, inside the caller's transaction."""
    node_id, on = statement.node_id, timezone.localdate(now)
    detail = {
        "cve": statement.cve_id,
        "product": statement.product,
        "justification": statement.justification,
        "reason": statement.impact,
        "until": str(statement.expires_on or ""),
    }
    record(
        Act(action, "vex", str(statement.pk), node_id, detail),
        actor=user.actor,
        now=now,
        on_behalf_of=on_behalf_of(user, _NEEDS, node_id, on=on) if node_id else "",
    )


def _today(finding: Finding, now: dt.datetime) -> dt.date:
    return local_day(now, ZoneInfo(finding.node.time_zone))
