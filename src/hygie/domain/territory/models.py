"""The dated territory: nodes, the edges between them, and the closure computed from both."""

from __future__ import annotations

import datetime as dt
import unicodedata
from typing import Any, Final

from django.db import models
from django.utils.translation import gettext_lazy as _

from hygie.vocabulary.enums import NodeKind

EVER: Final = dt.date(9999, 12, 31)
"""End of what has no end: one comparison works for every row."""

ALWAYS: Final = dt.date(1, 1, 1)
"""Beginning of what has no known beginning."""


SEARCH_MAX: Final = 300


def search_key(text: str) -> str:
    """Return ``text`` as it is searched: capitals, no accents, letters and digits only."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().upper()
    words = "".join(character if character.isalnum() else " " for character in plain)
    return " ".join(words.split())[:SEARCH_MAX]


class Kind(models.TextChoices):
    """NodeKind, with the words of the screen."""

    NATION = NodeKind.NATION, _("Nation")
    ARS = NodeKind.ARS, _("ARS")
    GHT = NodeKind.GHT, _("GHT")
    EJ = NodeKind.EJ, _("Entité juridique")
    ET = NodeKind.ET, _("Établissement")


class Node(models.Model):
    """A place of the territory: the nation, an ARS, a GHT, a legal entity or a site.

    ``code`` is the FINESS number of an EJ or ET, the region code of an ARS, the GHT code.
    ``source`` is the kind of file that last described it: only such a file closes it.
    ``search_key`` follows name, town and code (``search_key``), here and in bulk writes.
    """

    kind = models.CharField(max_length=6, choices=Kind.choices)
    code = models.CharField(max_length=20)
    name = models.CharField(max_length=200)
    opened_on = models.DateField(null=True, blank=True)
    closed_on = models.DateField(null=True, blank=True)
    source = models.CharField(max_length=40, blank=True, default="")
    time_zone = models.CharField(max_length=40, default="Europe/Paris")

    category_code = models.CharField(max_length=4, blank=True, default="")
    category_label = models.CharField(max_length=120, blank=True, default="")
    legal_status = models.CharField(max_length=40, blank=True, default="")
    region_code = models.CharField(max_length=3, blank=True, default="")
    department = models.CharField(max_length=3, blank=True, default="")
    commune = models.CharField(max_length=80, blank=True, default="")
    commune_insee = models.CharField(max_length=5, blank=True, default="")
    address = models.CharField(max_length=200, blank=True, default="")
    postal_code = models.CharField(max_length=5, blank=True, default="")
    siret = models.CharField(max_length=14, blank=True, default="")
    phone = models.CharField(max_length=20, blank=True, default="")
    latitude = models.FloatField(null=True, blank=True)
    longitude = models.FloatField(null=True, blank=True)
    beds = models.PositiveIntegerField(null=True, blank=True)
    emergency = models.BooleanField(null=True, blank=True)
    search_key = models.CharField(max_length=SEARCH_MAX, blank=True, default="", editable=False)

    class Meta:
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["kind", "code"], name="territory_node_code"),
            models.CheckConstraint(
                condition=models.Q(closed_on__isnull=True)
                | models.Q(opened_on__isnull=True)
                | models.Q(closed_on__gte=models.F("opened_on")),
                name="territory_node_dates",
            ),
        ]
        indexes = [
            models.Index(fields=["kind", "name"]),
            # A list of what lies at places, in the order of their names, is read in that order.
            models.Index(fields=["name", "id"], name="territory_node_by_name"),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - Django's signature
        """Write the node with the key under which it is found."""
        self.index()
        super().save(*args, **kwargs)

    def index(self) -> None:
        """Set ``search_key``."""
        self.search_key = search_key(f"{self.name} {self.commune} {self.code}")


class EdgeRole(models.TextChoices):
    """Why one node is under another."""

    STRUCTURE = "structure", _("rattachement")
    SUPPORT = "support", _("établissement support")
    MEMBER = "member", _("membre")
    LOCATED = "located", _("situé dans la région")


class Edge(models.Model):
    """``child`` belongs to ``parent`` on each day of [valid_from, valid_to)."""

    parent = models.ForeignKey(Node, on_delete=models.PROTECT, related_name="edges_down")
    child = models.ForeignKey(Node, on_delete=models.PROTECT, related_name="edges_up")
    role = models.CharField(max_length=10, choices=EdgeRole.choices, default=EdgeRole.STRUCTURE)
    valid_from = models.DateField(default=ALWAYS)
    valid_to = models.DateField(default=EVER)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["parent", "child", "valid_from"], name="territory_edge_once"
            ),
            models.CheckConstraint(
                condition=models.Q(valid_to__gt=models.F("valid_from")),
                name="territory_edge_dates",
            ),
            models.CheckConstraint(
                condition=~models.Q(parent=models.F("child")), name="territory_edge_not_self"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.parent_id} > {self.child_id}"


class Closure(models.Model):
    """``descendant`` lies somewhere under ``ancestor`` during [valid_from, valid_to).

    Derived from the edges by ``territory.closure``; depth 0 is the node itself.
    """

    ancestor = models.ForeignKey(Node, on_delete=models.CASCADE, related_name="below")
    descendant = models.ForeignKey(Node, on_delete=models.CASCADE, related_name="above")
    depth = models.PositiveSmallIntegerField()
    valid_from = models.DateField(default=ALWAYS)
    valid_to = models.DateField(default=EVER)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["ancestor", "descendant", "valid_from"], name="territory_closure_once"
            ),
        ]
        indexes = [
            models.Index(fields=["ancestor", "valid_to", "valid_from", "descendant"]),
            models.Index(fields=["descendant", "valid_to", "valid_from", "ancestor"]),
        ]

    def __str__(self) -> str:
        return f"{self.ancestor_id} >> {self.descendant_id}"


class Revision(models.Model):
    """One row: how many times the territory changed; its writers queue here."""

    number = models.BigIntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(pk=1), name="territory_one_revision"),
        ]

    def __str__(self) -> str:
        return f"{self.number}"


class ReviewState(models.TextChoices):
    """Where an imported file stands."""

    PROPOSED = "proposed", _("à relire")
    APPLIED = "applied", _("appliqué")
    DROPPED = "dropped", _("abandonné")


class HoldReason(models.TextChoices):
    """Why a review waits for somebody to read it and apply it by its number."""

    CLOSINGS = "closings", _("le fichier ferme plus d’un dixième de ce qu’il décrivait")
    PROBLEMS = "problems", _("des lignes illisibles peuvent cacher ce que le fichier ferme")


class Review(models.Model):
    """A file read and compared with the territory, waiting to be applied or dropped.

    ``revision`` is the territory that it was compared with; ``hold_reason`` is empty when
    nothing speaks against applying it at once.
    """

    kind = models.CharField(max_length=20)
    file_name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    as_of = models.DateField()
    state = models.CharField(
        max_length=10, choices=ReviewState.choices, default=ReviewState.PROPOSED
    )
    created_at = models.DateTimeField()
    created_by = models.CharField(max_length=254)
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.CharField(max_length=254, blank=True, default="")
    lines_read = models.PositiveIntegerField(default=0)
    problem_count = models.PositiveIntegerField(default=0)
    problems = models.JSONField(default=list)
    revision = models.BigIntegerField(default=0)
    hold_reason = models.CharField(
        max_length=10, choices=HoldReason.choices, blank=True, default=""
    )

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.file_name} ({self.state})"


class ChangeKind(models.TextChoices):
    """What an imported file changes for one node."""

    OPENED = "opened", _("nouveau")
    CLOSED = "closed", _("fermé")
    RENAMED = "renamed", _("renommé")
    MOVED = "moved", _("rattaché ailleurs")
    UPDATED = "updated", _("détails modifiés")


class Change(models.Model):
    """One difference of a review; ``after`` holds what applying it will write."""

    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="changes")
    kind = models.CharField(max_length=10, choices=ChangeKind.choices)
    node_kind = models.CharField(max_length=6, choices=Kind.choices)
    code = models.CharField(max_length=20)
    name = models.CharField(max_length=200)
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)
    line = models.PositiveIntegerField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["review", "kind"])]

    def __str__(self) -> str:
        return f"{self.kind} {self.code}"
