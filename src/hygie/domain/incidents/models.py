"""An incident, what was said of it, what it obliges to, what was sent, what was done."""

from __future__ import annotations

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from hygie.domain.incidents.kinds import Danger, Kind, Nature, Operation, Origin, Running, State
from hygie.domain.people.roles import Permission
from hygie.domain.people.scope import M, ScopedQuerySet
from hygie.domain.territory.models import Node

TEXT_MAX = 4_000


class IncidentQuerySet(ScopedQuerySet[M]):
    """Incidents of the nodes where a person reads them."""

    scope_permission = Permission.INCIDENT_READ


class PartQuerySet(ScopedQuerySet[M]):
    """Parts of an incident, seen by who sees it."""

    scope_field = "incident__node_id"
    scope_permission = Permission.INCIDENT_READ


class Incident(models.Model):
    """What happened, as it is said now; ``Version`` keeps each thing said.

    ``key`` names the draft before it has a number: sending twice finds the same row.
    ``answers`` holds the questions of ``referentials/regimes/facts.yaml``; absent is unknown.
    """

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    number = models.CharField(max_length=20, unique=True, null=True, blank=True)
    node = models.ForeignKey(Node, on_delete=models.PROTECT, related_name="incidents")
    state = models.CharField(max_length=12, choices=State.choices, default=State.DRAFT)
    is_exercise = models.BooleanField(default=False)
    nature = models.CharField(max_length=10, choices=Nature.choices, default=Nature.INCIDENT)
    kind = models.CharField(max_length=16, choices=Kind.choices, blank=True, default="")
    origin = models.CharField(max_length=12, choices=Origin.choices, default=Origin.UNKNOWN)
    operation = models.CharField(
        max_length=10, choices=Operation.choices, default=Operation.UNKNOWN
    )
    danger = models.CharField(max_length=10, choices=Danger.choices, default=Danger.UNKNOWN)
    occurred_at = models.DateTimeField(null=True, blank=True)
    aware_at = models.DateTimeField(null=True, blank=True)
    summary = models.TextField(max_length=TEXT_MAX, blank=True, default="")
    perimeter = models.TextField(max_length=TEXT_MAX, blank=True, default="")
    measures = models.TextField(max_length=TEXT_MAX, blank=True, default="")
    support_wanted = models.BooleanField(null=True, blank=True)
    answers = models.JSONField(default=dict)
    started_at = models.DateTimeField()
    started_by = models.CharField(max_length=254)
    saved_at = models.DateTimeField()
    declared_at = models.DateTimeField(null=True, blank=True)
    declared_by = models.CharField(max_length=254, blank=True, default="")
    resolved_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    cause = models.TextField(max_length=TEXT_MAX, blank=True, default="")
    lessons = models.TextField(max_length=TEXT_MAX, blank=True, default="")
    cost_cents = models.PositiveBigIntegerField(null=True, blank=True)

    objects = IncidentQuerySet["Incident"].as_manager()

    class Meta:
        ordering = ["-declared_at", "-pk"]
        indexes = [models.Index(fields=["node", "state"])]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state=State.DRAFT, number__isnull=True)
                | (~models.Q(state=State.DRAFT) & models.Q(number__isnull=False)),
                name="incidents_number_when_declared",
            ),
        ]

    def __str__(self) -> str:
        return self.number or str(_("brouillon"))


class Version(models.Model):
    """What was said of an incident at a time; never changed afterwards."""

    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField()
    content = models.JSONField()
    at = models.DateTimeField()
    by = models.CharField(max_length=254)

    objects = PartQuerySet["Version"].as_manager()

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["incident", "number"], name="incidents_version_once")
        ]

    def __str__(self) -> str:
        return f"{self.incident} v{self.number}"


class Duty(models.Model):
    """One thing that one regime asks for, of one recipient, because of one incident.

    ``dropped_at`` dates the correction by which it is owed no longer; the row stays.
    """

    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="duties")
    regime = models.CharField(max_length=40)
    regime_version = models.CharField(max_length=40)
    step = models.CharField(max_length=40)
    recipient = models.CharField(max_length=40)
    concern = models.CharField(max_length=10)
    in_force = models.BooleanField()
    added_at = models.DateTimeField()
    dropped_at = models.DateTimeField(null=True, blank=True)

    objects = PartQuerySet["Duty"].as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["incident", "regime", "recipient", "step"], name="incidents_duty_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.regime}/{self.step}"


class Channel(models.TextChoices):
    """How a declaration left."""

    MAIL = "mail", _("courriel")
    WEBHOOK = "webhook", _("liaison directe")
    HAND = "hand", _("par vous, sur le téléservice ou par téléphone")


class Filing(models.Model):
    """What was told to a recipient; a later one completes it and never replaces it."""

    duty = models.ForeignKey(Duty, on_delete=models.PROTECT, related_name="filings")
    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="filings")
    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="filings")
    number = models.PositiveSmallIntegerField()
    channel = models.CharField(max_length=8, choices=Channel.choices)
    document = models.JSONField()
    sha256 = models.CharField(max_length=64)
    filed_at = models.DateTimeField()
    filed_by = models.CharField(max_length=254)
    proof = models.CharField(max_length=300, blank=True, default="")

    objects = PartQuerySet["Filing"].as_manager()

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["duty", "number"], name="incidents_filing_once")
        ]

    def __str__(self) -> str:
        return f"{self.duty} n° {self.number}"


class Line(models.Model):
    """A line of the handling journal: when it happened, when it was written."""

    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="lines")
    at = models.DateTimeField()
    entered_at = models.DateTimeField()
    author = models.CharField(max_length=254)
    text = models.TextField(max_length=TEXT_MAX)

    objects = PartQuerySet["Line"].as_manager()

    class Meta:
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return self.text[:60]


class Task(models.Model):
    """Something to do, from a playbook or written by hand."""

    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="tasks")
    phase = models.CharField(max_length=40)
    step = models.CharField(max_length=60, blank=True, default="")
    label = models.CharField(max_length=300)
    owner = models.CharField(max_length=120, blank=True, default="")
    added_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True, blank=True)
    done_by = models.CharField(max_length=254, blank=True, default="")

    objects = PartQuerySet["Task"].as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["incident", "step"],
                condition=~models.Q(step=""),
                name="incidents_task_once",
            )
        ]

    def __str__(self) -> str:
        return self.label


class Service(models.Model):
    """How one service of the hospital runs during an incident; the latest row counts."""

    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="services")
    service = models.CharField(max_length=60)
    running = models.CharField(max_length=8, choices=Running.choices)
    since = models.DateTimeField()
    workaround = models.CharField(max_length=300, blank=True, default="")
    impact = models.CharField(max_length=300, blank=True, default="")
    expected_at = models.DateTimeField(null=True, blank=True)
    entered_at = models.DateTimeField()
    entered_by = models.CharField(max_length=254)

    objects = PartQuerySet["Service"].as_manager()

    class Meta:
        ordering = ["entered_at", "pk"]
        indexes = [models.Index(fields=["incident", "service", "entered_at"])]

    def __str__(self) -> str:
        return f"{self.service}: {self.running}"
