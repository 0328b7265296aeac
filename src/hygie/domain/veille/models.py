"""What the corpus said of the products installed, and the CVEs concerned."""

from __future__ import annotations

from django.db import models

from hygie.domain.estate.models import Product
from hygie.vocabulary.enums import VerdictStatus


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
