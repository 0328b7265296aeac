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
    """A person, known by e-mail address; rights come from grants alone."""

    email = models.EmailField(unique=True)
    name = models.CharField(max_length=120, blank=True, default="")
    is_active = models.BooleanField(default=True)
    is_demo = models.BooleanField(default=False)
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
