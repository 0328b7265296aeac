"""Prepared measures: one value for one node at one time."""

from __future__ import annotations

from django.db import models

from hygie.domain.people.roles import Permission
from hygie.domain.people.scope import ScopedQuerySet
from hygie.domain.territory.models import Node


class MeasureQuerySet(ScopedQuerySet["Measure"]):
    """Measures of the nodes in scope."""

    scope_permission = Permission.MEASURE_READ


class Measure(models.Model):
    """``value`` of the measure ``name`` for a node and all below it, as of a round.

    Names and units: ``observatory.measures``.
    """

    node = models.ForeignKey(Node, on_delete=models.PROTECT, related_name="measures")
    name = models.CharField(max_length=40)
    at = models.DateTimeField()
    round_id = models.BigIntegerField()
    value = models.FloatField()
    current = models.BooleanField(default=True)

    objects = MeasureQuerySet.as_manager()

    class Meta:
        ordering = ["node", "name", "-at"]
        constraints = [
            models.UniqueConstraint(
                fields=["node", "name", "round_id"], name="observatory_measure_once"
            ),
        ]
        indexes = [
            models.Index(fields=["current", "name", "node"]),
            models.Index(
                fields=["node"], condition=models.Q(current=True), name="observatory_measure_now"
            ),
            models.Index(fields=["node", "name", "at"], name="observatory_measure_series"),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.node_id} {self.value}"


class Standing(models.Model):
    """What orders the establishments by need for help: three current measures side by side.

    Written with the measures of each round, in the same transaction; ``observatory.measures``
    says what each counts.
    """

    node = models.OneToOneField(
        Node, on_delete=models.PROTECT, primary_key=True, related_name="standing"
    )
    overdue = models.PositiveIntegerField()
    act = models.PositiveIntegerField()
    attend = models.PositiveIntegerField()

    def __str__(self) -> str:
        return f"{self.node_id} {self.overdue} {self.act} {self.attend}"
