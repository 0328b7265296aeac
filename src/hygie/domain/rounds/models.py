"""A round, its items and those who run them: a killed round goes on from these rows."""

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
    STOPPED = "stopped", _("arrêtée")


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


class Runner(models.Model):
    """A process that settles items; its row goes with it, and its items become free again.

    ``heartbeat_at`` is written by the database's clock, so that machines need not agree on
    the time.
    """

    name = models.CharField(max_length=120)
    machine = models.CharField(max_length=120)
    pid = models.PositiveIntegerField()
    born = models.CharField(max_length=40, blank=True, default="")
    started_at = models.DateTimeField()
    heartbeat_at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.name


class ItemState(models.TextChoices):
    """Where one item stands."""

    TODO = "todo", _("à faire")
    DONE = "done", _("fait")
    FAILED = "failed", _("échec")
    STOPPED = "stopped", _("arrêté")


class Item(models.Model):
    """One step for one node; done in the same transaction as what it writes.

    ``owner`` is who works on it now; ``claims`` grows with each claim, so that one who lost the
    item and does not know it yet can write nothing.
    """

    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="items")
    node = models.ForeignKey(Node, on_delete=models.PROTECT, related_name="+")
    step = models.CharField(max_length=10, choices=Step.choices)
    position = models.PositiveIntegerField()
    state = models.CharField(max_length=8, choices=ItemState.choices, default=ItemState.TODO)
    owner = models.ForeignKey(
        Runner, on_delete=models.SET_NULL, null=True, blank=True, related_name="items"
    )
    claims = models.PositiveIntegerField(default=0)
    attempts = models.PositiveSmallIntegerField(default=0)
    retry_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    note = models.CharField(max_length=300, blank=True, default="")
    counts = models.JSONField(default=dict)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["round", "node", "step"], name="rounds_item_once"),
        ]
        indexes = [
            models.Index(fields=["round", "state", "position"]),
            models.Index(
                fields=["state", "round"],
                condition=models.Q(state__in=("todo", "failed")),
                name="rounds_item_unsettled",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.step} {self.node_id}"


class Slot(models.Model):
    """A moment of a schedule that was honoured: written once, whoever comes first."""

    schedule = models.CharField(max_length=60)
    node = models.ForeignKey(Node, on_delete=models.CASCADE, related_name="+")
    due_at = models.DateTimeField()
    taken_at = models.DateTimeField()

    class Meta:
        ordering = ["-due_at"]
        constraints = [
            models.UniqueConstraint(fields=["schedule", "node", "due_at"], name="rounds_slot_once"),
        ]

    def __str__(self) -> str:
        return f"{self.schedule} {self.due_at:%Y-%m-%d %H:%M}"


class Trouble(models.Model):
    """Why a background job failed, kept beside the queue, which keeps no reason."""

    job = models.CharField(max_length=40, unique=True)
    task = models.CharField(max_length=60)
    reason = models.CharField(max_length=300)
    tries = models.PositiveSmallIntegerField(default=0)
    at = models.DateTimeField()

    class Meta:
        ordering = ["-at"]

    def __str__(self) -> str:
        return f"{self.task} {self.job}"
