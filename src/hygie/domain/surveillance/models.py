"""Observations as intervals, what was tried last, and the grades given."""

from __future__ import annotations

from django.db import models

from hygie.domain.people.roles import Permission
from hygie.domain.people.scope import M, ScopedQuerySet
from hygie.domain.territory.models import Node


class SurveillanceQuerySet(ScopedQuerySet[M]):
    """What the Internet sees of the nodes in scope."""

    scope_permission = Permission.SURVEILLANCE_READ


class Sighting(models.Model):
    """The same answer to the same question, from first_seen_at to last_seen_at.

    ``value`` has the keys that the probe's module documents; ``evidence`` is bounded by
    ``vocabulary.facts.EVIDENCE_MAX_BYTES``. ``current`` marks the last answer known.
    """

    node = models.ForeignKey(Node, on_delete=models.PROTECT, related_name="sightings")
    subject = models.CharField(max_length=300)
    probe = models.CharField(max_length=12)
    value = models.JSONField()
    value_hash = models.CharField(max_length=64)
    evidence = models.BinaryField()
    evidence_sha256 = models.CharField(max_length=64)
    confidence = models.FloatField()
    product = models.CharField(max_length=200, blank=True, default="")
    version = models.CharField(max_length=200, blank=True, default="")
    first_seen_at = models.DateTimeField()
    last_seen_at = models.DateTimeField()
    current = models.BooleanField(default=True)

    objects = SurveillanceQuerySet["Sighting"].as_manager()

    class Meta:
        ordering = ["subject", "probe", "-first_seen_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["node", "subject", "probe"],
                condition=models.Q(current=True),
                name="surveillance_one_current",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.probe} {self.subject}"


class Attempt(models.Model):
    """The last time a question was put to a subject, and whether an answer came."""

    node = models.ForeignKey(Node, on_delete=models.PROTECT, related_name="attempts")
    subject = models.CharField(max_length=300)
    probe = models.CharField(max_length=12)
    at = models.DateTimeField()
    reached = models.BooleanField()
    reason = models.CharField(max_length=12, blank=True, default="")
    detail = models.CharField(max_length=300, blank=True, default="")

    objects = SurveillanceQuerySet["Attempt"].as_manager()

    class Meta:
        ordering = ["subject", "probe"]
        constraints = [
            models.UniqueConstraint(
                fields=["node", "subject", "probe"], name="surveillance_attempt_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.probe} {self.subject}"


class GradeGiven(models.Model):
    """The grade of an establishment after a round, with what it takes to explain it."""

    node = models.ForeignKey(Node, on_delete=models.PROTECT, related_name="grades")
    at = models.DateTimeField()
    round_id = models.BigIntegerField(null=True, blank=True)
    letter = models.CharField(max_length=1, blank=True, default="")
    themes = models.JSONField(default=dict)
    points = models.JSONField(default=list)
    not_observed = models.JSONField(default=list)
    policy = models.CharField(max_length=40)
    policy_version = models.CharField(max_length=20)

    objects = SurveillanceQuerySet["GradeGiven"].as_manager()

    class Meta:
        ordering = ["-at", "-pk"]
        get_latest_by = ["at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["node", "round_id"], name="surveillance_grade_once"),
        ]

    def __str__(self) -> str:
        return f"{self.node_id} {self.letter}"
