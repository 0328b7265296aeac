"""Accounts, the roles they hold on the territory, and what they were told."""

from __future__ import annotations

import datetime as dt
from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils.translation import gettext_lazy as _

from hygie.domain.territory.models import EVER, Node
from hygie.vocabulary.enums import Role


class UserManager(BaseUserManager["User"]):
    """Makes accounts by e-mail address."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:  # noqa: ANN401 - Django's signature
        """Create an account; without a password it can only be opened by invitation."""
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user


class User(AbstractBaseUser):
    """A person or a service, known by e-mail address; rights come from grants alone.

    A service (``is_service``) never signs in: it only holds API tokens.
    """

    email = models.EmailField(unique=True)
    name = models.CharField(max_length=120, blank=True, default="")
    is_active = models.BooleanField(default=True)
    is_demo = models.BooleanField(default=False)
    is_service = models.BooleanField(default=False)
    date_joined = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"

    class Meta:
        ordering = ["email"]

    def __str__(self) -> str:
        return self.name or self.email

    def get_full_name(self) -> str:
        """Return the name shown on screens."""
        return str(self)

    @property
    def actor(self) -> str:
        """Return the name under which the journal keeps what this account does."""
        return self.email

    is_staff = False
    is_superuser = False


class RoleChoice(models.TextChoices):
    """Role, with the words of the screen."""

    RSSI = Role.RSSI, _("RSSI")
    DIRECTOR = Role.DIRECTOR, _("Direction")
    ARS_OFFICER = Role.ARS_OFFICER, _("Référent ARS")
    CERT_ANALYST = Role.CERT_ANALYST, _("Analyste CERT Santé")
    ANSSI_AUDITOR = Role.ANSSI_AUDITOR, _("Auditeur ANSSI")
    MINISTRY = Role.MINISTRY, _("Ministère")
    TRAINER = Role.TRAINER, _("Formation")
    ADMIN = Role.ADMIN, _("Administration de la plateforme")


class Grant(models.Model):
    """A person holds a role on a node, and below, on each day of [valid_from, valid_to)."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="grants")
    role = models.CharField(max_length=10, choices=RoleChoice.choices)
    node = models.ForeignKey(Node, on_delete=models.PROTECT, related_name="grants")
    valid_from = models.DateField(default=dt.date.today)
    valid_to = models.DateField(default=EVER)
    granted_by = models.CharField(max_length=254, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "role", "node", "valid_from"], name="people_grant_once"
            ),
            models.CheckConstraint(
                condition=models.Q(valid_to__gte=models.F("valid_from")), name="people_grant_dates"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.role} {self.node_id}"


class Notice(models.Model):
    """Something a person was told; ``key`` makes telling twice impossible."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="notices")
    key = models.CharField(max_length=120)
    at = models.DateTimeField()
    text = models.CharField(max_length=300)
    link = models.CharField(max_length=200, blank=True, default="")
    read_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["user", "key"], name="people_notice_once"),
        ]

    def __str__(self) -> str:
        return self.text


class Invitation(models.Model):
    """A role offered to an address; the token sent by e-mail is kept only as its SHA-256.

    It serves once, before ``expires_at``, and only while nobody withdrew it.
    """

    email = models.EmailField()
    role = models.CharField(max_length=10, choices=RoleChoice.choices)
    node = models.ForeignKey(Node, on_delete=models.PROTECT, related_name="invitations")
    token_hash = models.CharField(max_length=64, unique=True)
    invited_by = models.CharField(max_length=254)
    invited_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)
    accepted_by = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.SET_NULL, related_name="invitations"
    )
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-invited_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(accepted_at__isnull=True) | models.Q(withdrawn_at__isnull=True),
                name="people_invitation_one_end",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.email} {self.role} {self.node_id}"


class Delegation(models.Model):
    """Somebody acts for a member, within ``permissions``, each day of [valid_from, valid_to).

    Who acts is ``to_user``, or whoever holds ``to_role`` on ``to_node`` that day. It opens
    nothing before the member's direction or RSSI accepts it, and nothing once revoked.
    """

    node = models.ForeignKey(Node, on_delete=models.PROTECT, related_name="delegations")
    to_user = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.CASCADE, related_name="delegations"
    )
    to_role = models.CharField(max_length=10, choices=RoleChoice.choices, blank=True, default="")
    to_node = models.ForeignKey(
        Node, null=True, blank=True, on_delete=models.PROTECT, related_name="delegations_received"
    )
    reason = models.CharField(max_length=500)
    valid_from = models.DateField()
    valid_to = models.DateField()
    proposed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    accepted_by = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    accepted_at = models.DateTimeField(null=True, blank=True)
    revoked_by = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-proposed_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(valid_to__gt=models.F("valid_from")),
                name="people_delegation_dates",
            ),
            models.CheckConstraint(
                condition=models.Q(to_user__isnull=False, to_role="", to_node__isnull=True)
                | (models.Q(to_user__isnull=True, to_node__isnull=False) & ~models.Q(to_role="")),
                name="people_delegation_one_hand",
            ),
            models.CheckConstraint(
                condition=models.Q(accepted_at__isnull=True, accepted_by__isnull=True)
                | models.Q(accepted_at__isnull=False, accepted_by__isnull=False),
                name="people_delegation_accepted_by",
            ),
            models.CheckConstraint(
                condition=models.Q(accepted_by__isnull=True)
                | ~models.Q(accepted_by=models.F("proposed_by")),
                name="people_delegation_two_people",
            ),
        ]
        indexes = [models.Index(fields=["to_user", "valid_to"])]

    def __str__(self) -> str:
        return f"{self.node_id} → {self.to_user_id or self.to_role}"


class DelegatedPermission(models.Model):
    """One permission of a delegation; ``people.roles`` names them."""

    delegation = models.ForeignKey(Delegation, on_delete=models.CASCADE, related_name="permissions")
    permission = models.CharField(max_length=40)

    class Meta:
        ordering = ["permission"]
        constraints = [
            models.UniqueConstraint(
                fields=["delegation", "permission"], name="people_delegated_once"
            ),
        ]

    def __str__(self) -> str:
        return self.permission


class ApiToken(models.Model):
    """A key of the API; only the SHA-256 of its secret is kept.

    It opens what its account may do, and of that only ``permissions``, at ``node`` and below,
    until ``expires_at``.
    """

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="tokens")
    name = models.CharField(max_length=80)
    prefix = models.CharField(max_length=12, unique=True)
    secret_hash = models.CharField(max_length=64, unique=True)
    permissions = models.JSONField(default=list)
    node = models.ForeignKey(Node, on_delete=models.PROTECT, related_name="tokens")
    issued_by = models.CharField(max_length=254)
    issued_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-issued_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(expires_at__gt=models.F("issued_at")),
                name="people_token_expires",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.prefix} {self.name}"


class SignIn(models.Model):
    """A browser where a person is signed in; the address is kept as its network alone."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="sign_ins")
    session_key = models.CharField(max_length=40, unique=True)
    device = models.CharField(max_length=80, blank=True, default="")
    network = models.CharField(max_length=43, blank=True, default="")
    opened_at = models.DateTimeField()
    last_seen_at = models.DateTimeField()

    class Meta:
        ordering = ["-last_seen_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.user_id} {self.device}"
