"""A round and its items: a killed round goes on from these rows."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from hygie.domain.people.roles import Permission
from hygie.domain.people.scope import ScopedQuerySet
from hygie.domain.territory.models import Node


class RoundQuerySet(ScopedQuerySet["Round"]):
    """Rounds of the nodes in scope."""

    scope_permission = Permission.ROUND_READ


class Step(models.TextChoices):
    """The seven movements of the round, in order."""

    REFRESH = "refresh", _("Actualiser")
    OBSERVE = "observe", _("Observer")
    MATCH = "match", _("Rapprocher")
    RECONCILE = "reconcile", _("Réconcilier")
    DECIDE = "decide", _("Décider")
    NOTIFY = "notify", _("Prévenir")
    MEASURE = "measure", _("Mesurer")


class RoundState(models.TextChoices):
    """Whether a round is over."""

    RUNNING = "running", _("en cours")
    DONE = "done", _("terminée")
    PARTIAL = "partial", _("terminée avec des échecs")


class Round(models.Model):
    """One turn over a part of the territory."""

    node = models.ForeignKey(Node, on_delete=models.PROTECT, related_name="rounds")
    steps = models.JSONField()
    state = models.CharField(max_length=8, choices=RoundState.choices, default=RoundState.RUNNING)
    started_at = models.DateTimeField()
    started_by = models.CharField(max_length=254)
    finished_at = models.DateTimeField(null=True, blank=True)
    corpus = models.CharField(max_length=64, blank=True, default="")
    summary = models.JSONField(default=dict)

    objects = RoundQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        get_latest_by = "pk"
        constraints = [
            models.UniqueConstraint(
                fields=["node"],
                condition=models.Q(state=RoundState.RUNNING),
                name="rounds_one_running",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pk}"


class ItemState(models.TextChoices):
    """Where one item stands."""

    TODO = "todo", _("à faire")
    DONE = "done", _("fait")
    FAILED = "failed", _("échec")


class Item(models.Model):
    """One step for one node; done in the same transaction as what it writes."""

    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="items")
    node = models.ForeignKey(Node, on_delete=models.PROTECT, related_name="+")
    step = models.CharField(max_length=10, choices=Step.choices)
    position = models.PositiveIntegerField()
    state = models.CharField(max_length=6, choices=ItemState.choices, default=ItemState.TODO)
    attempts = models.PositiveSmallIntegerField(default=0)
    finished_at = models.DateTimeField(null=True, blank=True)
    note = models.CharField(max_length=300, blank=True, default="")
    counts = models.JSONField(default=dict)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["round", "node", "step"], name="rounds_item_once"),
        ]
        indexes = [models.Index(fields=["round", "state", "position"])]

    def __str__(self) -> str:
        return f"{self.step} {self.node_id}"
