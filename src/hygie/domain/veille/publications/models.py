"""What the world publishes, as it came, and who wants to be told. Beside it, later, our own."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from hygie.domain.people.models import User


class AdvisoryKind(models.TextChoices):
    """Where something of the stream comes from; analysts' bulletins stand beside these."""

    ALERT = "certfr-alert", _("alerte du CERT-FR")
    AVIS = "certfr-avis", _("avis du CERT-FR")
    CERTFR = "certfr-other", _("autre bulletin du CERT-FR")
    CSAF = "csaf", _("avis d’éditeur (CSAF)")
    KEV = "kev", _("exploitation constatée (KEV)")
    EPSS = "epss", _("exploitation devenue probable (EPSS)")


class Advisory(models.Model):
    """One thing that the world says about vulnerabilities; national, everybody reads it.

    ``content`` is its last state as plain values (``advisory_reading``); ``cve_ids`` repeats what
    it names, to be matched. ``closed_on`` is a withdrawal or a closure.
    """

    kind = models.CharField(max_length=14, choices=AdvisoryKind.choices)
    reference = models.CharField(max_length=160)
    title = models.CharField(max_length=400)
    publisher = models.CharField(max_length=160, blank=True, default="")
    content = models.JSONField(default=dict)
    cve_ids = models.JSONField(default=list)
    sha256 = models.CharField(max_length=64)
    published_on = models.DateField(null=True, blank=True)
    updated_on = models.DateField(null=True, blank=True)
    closed_on = models.DateField(null=True, blank=True)
    came_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        ordering = ["-changed_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["kind", "reference"], name="veille_advisory_once"),
        ]
        indexes = [
            models.Index(fields=["updated_on", "id"]),
            models.Index(fields=["changed_at", "id"]),
        ]

    def __str__(self) -> str:
        return self.reference


class AdvisoryCve(models.Model):
    """A CVE that an advisory names: one row each, to find one from the other."""

    advisory = models.ForeignKey(Advisory, on_delete=models.CASCADE, related_name="named")
    cve_id = models.CharField(max_length=24)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["advisory", "cve_id"], name="veille_named_once"),
        ]
        indexes = [models.Index(fields=["cve_id"])]

    def __str__(self) -> str:
        return self.cve_id


class Revision(models.Model):
    """A state of an advisory that another one replaced, or its present one; never changed."""

    advisory = models.ForeignKey(Advisory, on_delete=models.CASCADE, related_name="states")
    content = models.JSONField()
    sha256 = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["advisory", "sha256"], name="veille_revision_once"),
        ]

    def __str__(self) -> str:
        return f"{self.advisory_id} {self.sha256[:8]}"


class Refusal(models.Model):
    """A document that could not be taken in, and why."""

    name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64, unique=True)
    reason = models.CharField(max_length=400)
    at = models.DateTimeField()

    class Meta:
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return self.name


class TakenIn(models.Model):
    """A document already read to its end, by the SHA-256 of its bytes: not read again."""

    sha256 = models.CharField(max_length=64, primary_key=True)

    def __str__(self) -> str:
        return self.sha256


class Subscription(models.Model):
    """What a person wants to be told of the stream, how often, and when never.

    ``from_hour`` and ``to_hour`` are the quiet hours, local to ``time_zone``, wrapping midnight;
    equal means none. ``digest_at`` is up to when the stream was told.
    """

    class Pace(models.TextChoices):
        """How often a person is told."""

        ARRIVAL = "arrival", _("dès l’arrivée")
        DAILY = "daily", _("un résumé par jour")
        WEEKLY = "weekly", _("un résumé par semaine")
        NEVER = "never", _("jamais")

    class Breadth(models.TextChoices):
        """What a person is told of."""

        CONCERNED = "concerned", _("ce qui me concerne")
        PERHAPS = "perhaps", _("aussi ce qui me concerne peut-être")
        ALL = "all", _("tout")

    user = models.OneToOneField(User, on_delete=models.CASCADE, related_name="veille_subscription")
    pace = models.CharField(max_length=8, choices=Pace.choices, default=Pace.DAILY)
    breadth = models.CharField(max_length=10, choices=Breadth.choices, default=Breadth.CONCERNED)
    kinds = models.JSONField(default=list)
    from_hour = models.PositiveSmallIntegerField(default=20)
    to_hour = models.PositiveSmallIntegerField(default=8)
    time_zone = models.CharField(max_length=40, default="Europe/Paris")
    digest_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(from_hour__lte=23, to_hour__lte=23), name="veille_quiet_hours"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.pace}"
