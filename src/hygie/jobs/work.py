"""One thing to be done in the background, whatever its rows are."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Work:
    """One thing to be done.

    Attributes:
        name: what to call it in a command.
        what: what it does, in words.
        state: running, queued, failed, done or cancelled.
        attempts: how often it was tried.
        reason: why it failed last, empty when it did not.
        by: who works on it, empty when nobody does.
    """

    name: str
    what: str
    state: str
    attempts: int
    reason: str = ""
    by: str = ""
