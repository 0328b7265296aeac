"""Findings, whatever found them, and everything that happened to each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from hygie.domain.estate.models import Asset
from hygie.domain.people.roles import Permission
from hygie.domain.people.scope import ScopedQuerySet
from hygie.domain.territory.models import Node
from hygie.vocabulary.enums import Decision, Severity

if TYPE_CHECKING:
    from collections.abc import Iterable


class FindingQuerySet(ScopedQuerySet["Finding"]):
    """Findings of the nodes in scope."""

    scope_permission = Permission.FINDING_READ


class Origin(models.TextChoices):
    """What found the weakness."""

    EXPOSURE = "exposure", _("vu d’Internet")
    VULNERABILITY = "vulnerability", _("vulnérabilité connue")
    SCAN = "scan", _("rapport d’un autre outil")


class State(models.TextChoices):
    """Where a finding stands; ``findings.lifecycle`` holds the transitions."""

    OPEN = "open", _("à traiter")
    TAKEN = "taken", _("pris en charge")
    PLANNED = "planned", _("planifié")
    ACCEPTED = "accepted", _("risque accepté")
    DECLARED_FIXED = "declared", _("déclaré corrigé")
    VERIFIED = "verified", _("correction vérifiée")
    SET_ASIDE = "set_aside", _("écarté")


CLOSED = (State.VERIFIED, State.SET_ASIDE)
"""Where nothing is left to do; "set aside" needs a reason that its history tells."""


class SeverityChoice(models.TextChoices):
    """Severity, with the words of the screen."""

    CRITICAL = Severity.CRITICAL, _("critique")
    MAJOR = Severity.MAJOR, _("majeure")
    MODERATE = Severity.MODERATE, _("modérée")
    MINOR = Severity.MINOR, _("mineure")
    INFO = Severity.INFO, _("information")


class DecisionChoice(models.TextChoices):
    """Decision, with the words of the screen."""

    ACT = Decision.ACT, _("Agir")
    ATTEND = Decision.ATTEND, _("Prévoir")
    TRACK = Decision.TRACK, _("Suivre")


_NARROWING = ("decision", "due_at", "severity", "origin")
"""What lists are narrowed by, besides the state and the place."""


class Finding(models.Model):
    """One weakness of one establishment, the same from round to round.

    Its identity is (node, origin, rule or CVE, subject, place), kept in ``identity``. ``rank``
    orders a list: smaller is more urgent.
    """

    node = models.ForeignKey(Node, on_delete=models.PROTECT, related_name="findings")
    identity = models.CharField(max_length=64, unique=True)
    origin = models.CharField(max_length=14, choices=Origin.choices)
    rule_id = models.CharField(max_length=80, blank=True, default="")
    cve_id = models.CharField(max_length=24, blank=True, default="")
    subject = models.CharField(max_length=300)
    place = models.CharField(max_length=300, blank=True, default="")
    probe = models.CharField(max_length=12, blank=True, default="")
    asset = models.ForeignKey(
        Asset, null=True, blank=True, on_delete=models.SET_NULL, related_name="findings"
    )
    title = models.CharField(max_length=300)
    severity = models.CharField(max_length=10, choices=SeverityChoice.choices)
    facts = models.JSONField(default=dict)
    confidence = models.FloatField(default=1.0)

    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    decision = models.CharField(
        max_length=8, choices=DecisionChoice.choices, blank=True, default=""
    )
    due_at = models.DateTimeField(null=True, blank=True)
    branch = models.JSONField(default=list)
    reasons = models.JSONField(default=list)
    would_change = models.JSONField(default=list)
    policy_version = models.CharField(max_length=40, blank=True, default="")
    rank = models.BigIntegerField(default=0)

    first_seen_at = models.DateTimeField()
    last_seen_at = models.DateTimeField()
    last_reached_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)
    times_returned = models.PositiveIntegerField(default=0)

    taken_by = models.CharField(max_length=254, blank=True, default="")
    planned_on = models.DateField(null=True, blank=True)
    accepted_until = models.DateField(null=True, blank=True)
    accepted_reason = models.CharField(max_length=500, blank=True, default="")
    accepted_by = models.CharField(max_length=254, blank=True, default="")
    declared_at = models.DateTimeField(null=True, blank=True)

    objects = FindingQuerySet.as_manager()

    class Meta:
        ordering = ["rank", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state__in=CLOSED, closed_at__isnull=False)
                | ~models.Q(state__in=CLOSED) & models.Q(closed_at__isnull=True),
                name="findings_closed_is_dated",
            ),
            models.CheckConstraint(
                condition=~models.Q(state=State.ACCEPTED)
                | models.Q(accepted_until__isnull=False) & ~models.Q(accepted_reason=""),
                name="findings_accepted_has_reason_and_end",
            ),
            models.CheckConstraint(
                condition=~models.Q(state=State.PLANNED) | models.Q(planned_on__isnull=False),
                name="findings_planned_is_dated",
            ),
        ]
        # A list is ordered, counted and narrowed within one index, then fifty rows are read:
        # the findings of a place lie all over the table.
        indexes = [
            models.Index(
                fields=["node", "state", "rank", "id", *_NARROWING], name="findings_in_place"
            ),
            models.Index(
                fields=["rank", "id", "node", "state", *_NARROWING], name="findings_by_urgency"
            ),
            models.Index(fields=["due_at", "rank", "id", "node", "state"], name="findings_by_due"),
            models.Index(fields=["first_seen_at", "id", "node", "state"], name="findings_by_age"),
            models.Index(
                fields=["decision", "rank", "id", "node", "state"], name="findings_by_decision"
            ),
            models.Index(
                fields=["severity", "rank", "id", "node", "state"], name="findings_by_severity"
            ),
            models.Index(fields=["origin"]),
            models.Index(fields=["state", "rank"]),
            models.Index(fields=["cve_id"]),
        ]

    def __str__(self) -> str:
        return self.title


class EventKind(models.TextChoices):
    """What can happen to a finding."""

    SEEN = "seen", _("vue pour la première fois")
    CHANGED = "changed", _("faits modifiés")
    RETURNED = "returned", _("revenue")
    VERIFIED = "verified", _("correction vérifiée par la ronde")
    DECIDED = "decided", _("décision")
    TAKEN = "taken", _("prise en charge")
    PLANNED = "planned", _("planifiée")
    ACCEPTED = "accepted", _("risque accepté")
    EXPIRED = "expired", _("acceptation arrivée à son terme")
    DECLARED = "declared", _("déclarée corrigée")
    REOPENED = "reopened", _("remise à traiter")
    SET_ASIDE = "set_aside", _("écartée")


class EventQuerySet(ScopedQuerySet["Event"]):
    """Events of the nodes in scope, each written at the place of its finding."""

    scope_permission = Permission.FINDING_READ

    def bulk_create(self, objs: Iterable[Event], *args: Any, **kwargs: Any) -> list[Event]:  # noqa: ANN401 - Django's signature
        """Write many events in one query."""
        events = list(objs)
        for event in events:
            event.node_id = event.finding.node_id
        return super().bulk_create(events, *args, **kwargs)


class Event(models.Model):
    """A line of a finding's history; never changed.

    ``node`` is the finding's, for ever the same: what changed at a place is counted from it.
    """

    finding = models.ForeignKey(Finding, on_delete=models.CASCADE, related_name="events")
    node = models.ForeignKey(Node, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    kind = models.CharField(max_length=10, choices=EventKind.choices)
    actor = models.CharField(max_length=254)
    detail = models.JSONField(default=dict)

    objects = EventQuerySet.as_manager()

    class Meta:
        ordering = ["at", "pk"]
        indexes = [
            models.Index(fields=["node", "at", "kind", "finding"], name="findings_event_at_place"),
            models.Index(fields=["kind", "at", "finding"], name="findings_event_of_kind"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.finding_id}"

    def save(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - Django's signature
        """Write the event at the place of its finding."""
        self.node_id = self.finding.node_id
        super().save(*args, **kwargs)
