"""What the API keeps between two calls: answers already given, calls counted."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models


class GivenAnswer(models.Model):
    """The answer to a write, given again when the same key comes back.

    Written in the transaction of what the write did: either both exist or neither.
    ``request_hash`` is the SHA-256 of what was asked: one key serves one request.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=64)
    request_hash = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(default=0)
    body = models.BinaryField(default=bytes)
    headers = models.JSONField(default=dict)
    given_at = models.DateTimeField()
    expires_at = models.DateTimeField()

    class Meta:
        """Keys belong to accounts."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["user", "key"], name="api_answer_once"),
        ]
        indexes: ClassVar = [models.Index(fields=["user", "expires_at"], name="api_answer_expiry")]

    def __str__(self) -> str:
        return f"{self.user_id} {self.key}"


class CallCount(models.Model):
    """Calls of one caller in the minute that begins at ``minute`` (Unix time / 60).

    One row a caller, written again each minute. Used where several processes answer.
    """

    caller = models.CharField(max_length=80, unique=True)
    minute = models.BigIntegerField()
    calls = models.PositiveIntegerField()

    def __str__(self) -> str:
        return f"{self.caller} {self.calls}"
