"""Observations, grades, stops, names proposed, reports of other tools."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from hygie.domain.estate.models import Asset
from hygie.domain.findings.models import Finding
from hygie.domain.people.roles import Permission
from hygie.domain.people.scope import M, ScopedQuerySet
from hygie.domain.territory.models import Node

TARGET = "target"
"""Pseudo-probe of the attempt that says whether a host answered anything at all."""


DEPTH = "depth"
"""Pseudo-probe of the attempt that says when a host was last asked in depth."""


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
    """The grade of an establishment after a round, with what it takes to explain and replay it.

    ``evidence`` holds the keys of the sightings judged; ``seal`` is the SHA-256 of the grade with
    the hashes of what it rests on (``surveillance.sealing``); ``token`` its RFC 3161 timestamp.
    """

    node = models.ForeignKey(Node, on_delete=models.PROTECT, related_name="grades")
    at = models.DateTimeField()
    round_id = models.BigIntegerField(null=True, blank=True)
    letter = models.CharField(max_length=1, blank=True, default="")
    themes = models.JSONField(default=dict)
    points = models.JSONField(default=list)
    not_observed = models.JSONField(default=list)
    policy = models.CharField(max_length=40)
    policy_version = models.CharField(max_length=20)
    evidence = models.JSONField(default=list)
    seal = models.CharField(max_length=64, blank=True, default="")
    token = models.BinaryField(null=True, blank=True)
    stamped_at = models.DateTimeField(null=True, blank=True)

    objects = SurveillanceQuerySet["GradeGiven"].as_manager()

    class Meta:
        ordering = ["-at", "-pk"]
        get_latest_by = ["at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["node", "round_id"], name="surveillance_grade_once"),
        ]

    def __str__(self) -> str:
        return f"{self.node_id} {self.letter}"


class Stop(models.Model):
    """An emergency stop: nothing leaves for the place and all below it until it is ended."""

    node = models.ForeignKey(Node, on_delete=models.PROTECT, related_name="stops")
    since = models.DateTimeField()
    by = models.CharField(max_length=254)
    reason = models.CharField(max_length=300, blank=True, default="")
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.CharField(max_length=254, blank=True, default="")

    objects = SurveillanceQuerySet["Stop"].as_manager()

    class Meta:
        ordering = ["-since", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["node"],
                condition=models.Q(ended_at__isnull=True),
                name="surveillance_one_stop",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.node_id} {self.since:%Y-%m-%d %H:%M}"


class ProposalState(models.TextChoices):
    """What the establishment said of a name that was found."""

    PROPOSED = "proposed", _("à décider")
    ACCEPTED = "accepted", _("accepté")
    REFUSED = "refused", _("refusé")
    FOREIGN = "foreign", _("pas à nous")


class NameSource(models.TextChoices):
    """Where a name was found."""

    CT = "ct", _("certificats publiés")
    ZONE = "zone", _("fichier de zone")
    TLS = "tls", _("certificat présenté")
    MX = "mx", _("serveur de courrier")
    NS = "ns", _("serveur de noms")
    SPF = "spf", _("règle SPF")
    SCAN = "scan", _("rapport importé")


class Proposal(models.Model):
    """A name or an address found, never probed before the establishment accepts it."""

    node = models.ForeignKey(Node, on_delete=models.PROTECT, related_name="proposals")
    kind = models.CharField(max_length=12)
    name = models.CharField(max_length=200)
    source = models.CharField(max_length=8, choices=NameSource.choices)
    found_in = models.CharField(max_length=300, blank=True, default="")
    under_own_domain = models.BooleanField(default=False)
    first_seen_at = models.DateTimeField()
    last_seen_at = models.DateTimeField()
    state = models.CharField(
        max_length=8, choices=ProposalState.choices, default=ProposalState.PROPOSED
    )
    decided_by = models.CharField(max_length=254, blank=True, default="")
    decided_at = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(max_length=300, blank=True, default="")
    asset = models.ForeignKey(
        Asset, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    objects = SurveillanceQuerySet["Proposal"].as_manager()

    class Meta:
        ordering = ["-under_own_domain", "name"]
        constraints = [
            models.UniqueConstraint(
                fields=["node", "kind", "name"], name="surveillance_proposal_once"
            ),
        ]
        indexes = [models.Index(fields=["node", "state"])]

    def __str__(self) -> str:
        return self.name


class ScanImport(models.Model):
    """A report of another tool that was taken into account."""

    node = models.ForeignKey(Node, on_delete=models.PROTECT, related_name="scan_imports")
    tool = models.CharField(max_length=12)
    tool_version = models.CharField(max_length=60, blank=True, default="")
    name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    taken_at = models.DateTimeField(null=True, blank=True)
    imported_at = models.DateTimeField()
    imported_by = models.CharField(max_length=254)
    counts = models.JSONField(default=dict)

    objects = SurveillanceQuerySet["ScanImport"].as_manager()

    class Meta:
        ordering = ["-imported_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.tool} {self.name}"


class DirectoryLevel(models.Model):
    """The level (1 worst to 5) of an Active Directory domain, as one audit found it."""

    node = models.ForeignKey(Node, on_delete=models.PROTECT, related_name="directory_levels")
    domain = models.CharField(max_length=200)
    level = models.PositiveSmallIntegerField()
    open_points = models.JSONField(default=list)
    unplaced = models.PositiveIntegerField(default=0)
    taken_at = models.DateTimeField()
    scan = models.ForeignKey(ScanImport, on_delete=models.PROTECT, related_name="levels")

    objects = SurveillanceQuerySet["DirectoryLevel"].as_manager()

    class Meta:
        ordering = ["-taken_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(level__gte=1, level__lte=5), name="surveillance_level_bounds"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.domain} {self.level}"


class ExposureNotice(models.Model):
    """A new or returned exposure that people were told of, once each time it appeared."""

    finding = models.ForeignKey(Finding, on_delete=models.CASCADE, related_name="+")
    occurrence = models.PositiveIntegerField(default=0)
    told_at = models.DateTimeField()
    region_due_at = models.DateTimeField()
    region_told_at = models.DateTimeField(null=True, blank=True)
    region_count = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["-told_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["finding", "occurrence"], name="surveillance_notice_once"
            ),
        ]
        indexes = [
            models.Index(
                fields=["region_due_at"],
                condition=models.Q(region_told_at__isnull=True),
                name="surveillance_notice_due",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.finding_id} {self.occurrence}"
