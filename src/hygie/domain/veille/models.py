"""What the corpus said of the products installed, the CVEs concerned, and who is not affected."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.utils.translation import gettext_lazy as _

from hygie.domain.estate.models import Product
from hygie.domain.people.roles import Permission
from hygie.domain.people.scope import ScopedQuerySet
from hygie.domain.territory.models import Node
from hygie.domain.veille.publications.models import (
    Advisory,
    AdvisoryCve,
    AdvisoryKind,
    Refusal,
    Revision,
    Subscription,
    TakenIn,
)
from hygie.vocabulary.enums import VerdictStatus

if TYPE_CHECKING:
    import datetime as dt

    from hygie.domain.people.scope import Asker

__all__ = [
    "Advisory",
    "AdvisoryCve",
    "AdvisoryKind",
    "Cve",
    "Justification",
    "Match",
    "Matched",
    "Refusal",
    "Revision",
    "StatusChoice",
    "Subscription",
    "TakenIn",
    "VexQuerySet",
    "VexStatement",
    "VexStatus",
]


class Cve(models.Model):
    """What the corpus knew of a CVE when it last touched an estate; see CveFacts."""

    cve_id = models.CharField(max_length=24, primary_key=True)
    description = models.CharField(max_length=600, blank=True, default="")
    cvss_score = models.FloatField(null=True, blank=True)
    cvss_vector = models.CharField(max_length=200, blank=True, default="")
    epss_probability = models.FloatField(null=True, blank=True)
    kev_added_on = models.DateField(null=True, blank=True)
    ransomware = models.BooleanField(null=True, blank=True)
    exploitation = models.CharField(max_length=8, default="none")
    technical_impact = models.CharField(max_length=8, blank=True, default="")
    published_on = models.DateField(null=True, blank=True)
    sources = models.JSONField(default=list)

    def __str__(self) -> str:
        return self.cve_id


class StatusChoice(models.TextChoices):
    """VerdictStatus kept; "not affected" is not stored, it is the rule."""

    AFFECTED = VerdictStatus.AFFECTED
    UNKNOWN = VerdictStatus.UNKNOWN


class Match(models.Model):
    """A distinct product is affected, or perhaps, by a CVE, and why."""

    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="matches")
    cve = models.ForeignKey(Cve, on_delete=models.PROTECT, related_name="matches")
    status = models.CharField(max_length=12, choices=StatusChoice.choices)
    reason = models.CharField(max_length=400)
    identity = models.CharField(max_length=300)
    range = models.CharField(max_length=300, blank=True, default="")
    source = models.CharField(max_length=40)
    confidence = models.FloatField()
    fixed_in = models.CharField(max_length=120, blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["product", "cve"], name="veille_match_once"),
        ]

    def __str__(self) -> str:
        return f"{self.product_id} {self.cve_id}"


class Matched(models.Model):
    """With which corpus a product was last matched, and what that gave."""

    product = models.OneToOneField(Product, on_delete=models.CASCADE, related_name="matched")
    corpus = models.CharField(max_length=64)
    known = models.BooleanField()
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.product_id} {self.corpus[:8]}"


class VexQuerySet(ScopedQuerySet["VexStatement"]):
    """Declarations: a manufacturer's are everybody's, an establishment's are of its place."""

    scope_permission = Permission.FINDING_READ

    def visible_to(self, user: Asker) -> VexQuerySet:
        """Keep the national ones and those of the places where ``user`` reads findings."""
        own = super().visible_to(user).filter(node__isnull=False)
        return self.filter(models.Q(node__isnull=True) | models.Q(pk__in=own.values("pk")))

    def in_force(self, on: dt.date) -> VexQuerySet:
        """Keep what holds on a day: approved where it must be, not revoked, not over."""
        return (
            self.filter(revoked_at__isnull=True)
            .filter(models.Q(expires_on__isnull=True) | models.Q(expires_on__gte=on))
            .filter(models.Q(needs_approval=False) | models.Q(approved_at__isnull=False))
        )


class Justification(models.TextChoices):
    """Why not affected: the list of VEX, with the words of the screen.

    Source: CISA, Vulnerability Exploitability eXchange, Status Justifications (2022).
    """

    COMPONENT_ABSENT = "component_not_present", _("le composant vulnérable n’est pas présent")
    CODE_ABSENT = "vulnerable_code_not_present", _("le code vulnérable n’est pas présent")
    NOT_EXECUTED = (
        "vulnerable_code_not_in_execute_path",
        _("le code vulnérable n’est jamais exécuté"),
    )
    OUT_OF_REACH = (
        "vulnerable_code_cannot_be_controlled_by_adversary",
        _("un attaquant ne peut pas atteindre le code vulnérable"),
    )
    MITIGATED = "inline_mitigations_already_exist", _("une protection en place suffit")


class VexStatus(models.TextChoices):
    """What a declaration says."""

    NOT_AFFECTED = "not_affected", _("non concerné")
    FIXED = "fixed", _("corrigé")


class VexStatement(models.Model):
    """A "not affected because…" of a manufacturer, for the nation, or of an establishment.

    National (no ``node``): ``statement`` is what the document says, as ``vex_reading`` keeps it,
    and the matching engine tells which products it covers. Local: ``product`` and ``version`` as
    the estate names them, and ``subject`` for one asset alone.
    """

    node = models.ForeignKey(
        Node, null=True, blank=True, on_delete=models.PROTECT, related_name="vex_statements"
    )
    cve_id = models.CharField(max_length=24)
    status = models.CharField(
        max_length=12, choices=VexStatus.choices, default=VexStatus.NOT_AFFECTED
    )
    justification = models.CharField(max_length=52, choices=Justification.choices, blank=True)
    impact = models.CharField(max_length=600, blank=True, default="")
    product = models.CharField(max_length=300)
    version = models.CharField(max_length=200, blank=True, default="")
    subject = models.CharField(max_length=300, blank=True, default="")
    statement = models.JSONField(default=dict, blank=True)
    author = models.CharField(max_length=254)
    document = models.CharField(max_length=300, blank=True, default="")
    document_sha256 = models.CharField(max_length=64, blank=True, default="")
    said_on = models.DateField(null=True, blank=True)
    declared_by = models.CharField(max_length=254)
    declared_at = models.DateTimeField()
    expires_on = models.DateField(null=True, blank=True)
    needs_approval = models.BooleanField(default=False)
    approved_by = models.CharField(max_length=254, blank=True, default="")
    approved_at = models.DateTimeField(null=True, blank=True)
    revoked_by = models.CharField(max_length=254, blank=True, default="")
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects = VexQuerySet.as_manager()

    class Meta:
        ordering = ["-declared_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(node__isnull=True)
                | models.Q(expires_on__isnull=False) & ~models.Q(justification=""),
                name="veille_local_vex_has_reason_and_end",
            ),
        ]
        indexes = [models.Index(fields=["node", "cve_id"])]

    def __str__(self) -> str:
        return f"{self.cve_id} {self.product}"
