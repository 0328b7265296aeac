"""Assets, the products installed on them, the files they came from, and the mandates."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from hygie.domain.people.roles import Permission
from hygie.domain.people.scope import M, ScopedQuerySet
from hygie.domain.territory.models import Node
from hygie.vocabulary.enums import Criticality


class EstateQuerySet(ScopedQuerySet[M]):
    """Rows of an establishment's estate."""

    scope_permission = Permission.ESTATE_READ


class CriticalityChoice(models.TextChoices):
    """Criticality, with the words of the screen."""

    VITAL = Criticality.VITAL, _("vitale")
    IMPORTANT = Criticality.IMPORTANT, _("importante")
    SUPPORT = Criticality.SUPPORT, _("de soutien")


class AssetKind(models.TextChoices):
    """What an asset is."""

    DOMAIN = "domain", _("nom de domaine")
    ADDRESS = "address", _("adresse IP")
    APPLICATION = "application", _("application")
    DEVICE = "device", _("dispositif médical")
    SYSTEM = "system", _("système ou matériel")


class Source(models.Model):
    """A file from which an estate was read: what was said, by whom, when."""

    node = models.ForeignKey(Node, on_delete=models.PROTECT, related_name="sources")
    kind = models.CharField(max_length=20)
    name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    rows = models.PositiveIntegerField()
    read_at = models.DateTimeField()
    read_by = models.CharField(max_length=254)
    replaced_at = models.DateTimeField(null=True, blank=True)

    objects = EstateQuerySet["Source"].as_manager()

    class Meta:
        ordering = ["-read_at", "-pk"]

    def __str__(self) -> str:
        return self.name


class Asset(models.Model):
    """Something the establishment runs and could lose."""

    node = models.ForeignKey(Node, on_delete=models.PROTECT, related_name="assets")
    kind = models.CharField(max_length=12, choices=AssetKind.choices)
    name = models.CharField(max_length=200)
    vendor = models.CharField(max_length=200, blank=True, default="")
    model = models.CharField(max_length=200, blank=True, default="")
    version = models.CharField(max_length=200, blank=True, default="")
    criticality = models.CharField(
        max_length=10, choices=CriticalityChoice.choices, default=CriticalityChoice.SUPPORT
    )
    service = models.CharField(max_length=200, blank=True, default="")
    quantity = models.PositiveIntegerField(default=1)
    source = models.ForeignKey(Source, null=True, blank=True, on_delete=models.PROTECT)
    added_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True, blank=True)

    objects = EstateQuerySet["Asset"].as_manager()

    class Meta:
        ordering = ["kind", "name", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["node", "kind", "name"],
                condition=models.Q(removed_at__isnull=True),
                name="estate_asset_once",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Product(models.Model):
    """A distinct product at a version, matched once however often it is installed."""

    key = models.CharField(max_length=64, unique=True)
    vendor = models.CharField(max_length=200, blank=True, default="")
    name = models.CharField(max_length=300)
    version = models.CharField(max_length=200, blank=True, default="")
    purl = models.CharField(max_length=500, blank=True, default="")
    cpe = models.CharField(max_length=500, blank=True, default="")
    kind = models.CharField(max_length=20, default="library")

    class Meta:
        ordering = ["name", "version", "pk"]

    def __str__(self) -> str:
        return f"{self.name} {self.version}".strip()


class Installed(models.Model):
    """A product is on an asset of an establishment, as one source says."""

    node = models.ForeignKey(Node, on_delete=models.PROTECT, related_name="installed")
    asset = models.ForeignKey(Asset, on_delete=models.CASCADE, related_name="installed")
    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="installed")
    source = models.ForeignKey(Source, null=True, blank=True, on_delete=models.PROTECT)
    quantity = models.PositiveIntegerField(default=1)
    added_at = models.DateTimeField()

    objects = EstateQuerySet["Installed"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["asset", "product"], name="estate_installed_once"),
        ]
        indexes = [models.Index(fields=["product", "node"])]

    def __str__(self) -> str:
        return f"{self.asset_id}:{self.product_id}"


class Mapping(models.Model):
    """Which column of a table means what, kept for the next file of the same shape."""

    node = models.ForeignKey(Node, on_delete=models.CASCADE, related_name="mappings")
    kind = models.CharField(max_length=20)
    name = models.CharField(max_length=80)
    columns = models.JSONField()

    objects = EstateQuerySet["Mapping"].as_manager()

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["node", "kind", "name"], name="estate_mapping_once"),
        ]

    def __str__(self) -> str:
        return self.name


class Mandate(models.Model):
    """A dated, signed permission to probe a perimeter during a window.

    ``days`` holds the weekdays allowed (1 Monday … 7 Sunday, as text "12345"); ``from_hour`` and
    ``to_hour`` are local hours of ``node.time_zone``, [from, to), 0 and 24 for the whole day.
    """

    node = models.ForeignKey(Node, on_delete=models.PROTECT, related_name="mandates")
    signatory = models.CharField(max_length=160)
    contact = models.CharField(max_length=160)
    signed_on = models.DateField()
    valid_from = models.DateField()
    valid_to = models.DateField()
    days = models.CharField(max_length=7, default="1234567")
    from_hour = models.PositiveSmallIntegerField(default=0)
    to_hour = models.PositiveSmallIntegerField(default=24)
    document_sha256 = models.CharField(max_length=64, blank=True, default="")
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoked_by = models.CharField(max_length=254, blank=True, default="")

    objects = EstateQuerySet["Mandate"].as_manager()

    class Meta:
        ordering = ["-valid_to", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(valid_to__gt=models.F("valid_from")), name="estate_mandate_dates"
            ),
            models.CheckConstraint(
                condition=models.Q(to_hour__gt=models.F("from_hour"), to_hour__lte=24),
                name="estate_mandate_hours",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.signatory} {self.signed_on}"


class PerimeterKind(models.TextChoices):
    """What a line of a perimeter names."""

    DOMAIN = "domain", _("domaine et ses sous-domaines")
    HOST = "host", _("nom d’hôte exact")
    NETWORK = "network", _("adresse ou réseau")


class PerimeterLine(models.Model):
    """One thing a mandate covers."""

    mandate = models.ForeignKey(Mandate, on_delete=models.CASCADE, related_name="perimeter")
    kind = models.CharField(max_length=8, choices=PerimeterKind.choices)
    value = models.CharField(max_length=253)

    class Meta:
        ordering = ["kind", "value"]
        constraints = [
            models.UniqueConstraint(
                fields=["mandate", "kind", "value"], name="estate_perimeter_once"
            ),
        ]

    def __str__(self) -> str:
        return self.value


class MandateProposal(models.Model):
    """A mandate that waits for the signature of the direction: it allows nothing.

    A table of its own, so that nothing that looks for mandates can take one for a mandate.
    ``perimeter`` holds [kind of PerimeterKind, value] pairs; the other terms are a Mandate's.
    """

    node = models.ForeignKey(Node, on_delete=models.PROTECT, related_name="mandate_proposals")
    contact = models.CharField(max_length=160)
    valid_from = models.DateField()
    valid_to = models.DateField()
    days = models.CharField(max_length=7, default="1234567")
    from_hour = models.PositiveSmallIntegerField(default=0)
    to_hour = models.PositiveSmallIntegerField(default=24)
    perimeter = models.JSONField()
    proposed_by = models.CharField(max_length=254)
    proposed_at = models.DateTimeField()
    mandate = models.OneToOneField(
        Mandate, null=True, blank=True, on_delete=models.PROTECT, related_name="proposal"
    )
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.CharField(max_length=254, blank=True, default="")

    objects = EstateQuerySet["MandateProposal"].as_manager()

    class Meta:
        ordering = ["-proposed_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(mandate__isnull=True) | models.Q(closed_at__isnull=True),
                name="estate_mandateproposal_end",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.node_id} {self.proposed_at:%Y-%m-%d}"
