"""The journal's two tables: the lines, and the head that says where the chain ends."""

from __future__ import annotations

from django.db import models


class Entry(models.Model):
    """One line: who did what to which object, when, on whose behalf.

    ``hash`` covers every other column and the hash of the line before. Triggers refuse
    UPDATE and DELETE; ``journal.queries.verify`` tells whether somebody got past them.
    """

    sequence = models.BigIntegerField(primary_key=True)
    at = models.DateTimeField()
    actor = models.CharField(max_length=254)
    on_behalf_of = models.CharField(max_length=254, blank=True, default="")
    action = models.CharField(max_length=80)
    subject_type = models.CharField(max_length=40)
    subject_id = models.CharField(max_length=80)
    node_id = models.BigIntegerField(null=True, blank=True, db_index=True)
    detail = models.TextField()
    previous_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64, unique=True)

    class Meta:
        ordering = ["sequence"]
        indexes = [models.Index(fields=["subject_type", "subject_id"])]

    def __str__(self) -> str:
        return f"{self.sequence} {self.action}"


class Head(models.Model):
    """The last line's number and hash: a missing tail shows, and writers queue here."""

    sequence = models.BigIntegerField(default=0)
    hash = models.CharField(max_length=64, default="")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(pk=1), name="journal_one_head"),
        ]

    def __str__(self) -> str:
        return f"{self.sequence}"
