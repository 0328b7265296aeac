"""What the steps of a round work with: the network, the corpus, the policies, the clock."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from importlib.metadata import version
from typing import TYPE_CHECKING, Protocol

from django.conf import settings
from django.utils import timezone

from hygie.domain.veille.corpora import open_corpus, prepare_corpus
from hygie.domain.veille.refreshing import refresh
from hygie.engines.corpus.feeds import official_feeds
from hygie.engines.corpus.fetching import open_client
from hygie.engines.deciding.decision import decision_policy
from hygie.engines.deciding.exposure import exposure_policy
from hygie.engines.probing.network import InternetNetwork, LabNetwork
from hygie.jobs.politeness import politeness

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable
    from pathlib import Path

    from hygie.domain.veille.corpora import Corpus
    from hygie.domain.veille.refreshing import Refreshed
    from hygie.engines.deciding.decision import DecisionPolicy
    from hygie.engines.deciding.exposure import ExposurePolicy
    from hygie.engines.probing.network import Guard, Network


class Clock(Protocol):
    """Tells the time; tests give their own."""

    def __call__(self) -> dt.datetime:
        """Return an aware UTC time."""


@dataclass(frozen=True)
class Workbench:
    """Everything a step needs that is not a row of the database.

    Attributes:
        home: folder of the state.
        clock: tells the time.
        network: makes the network from what guards it.
        budget_s: seconds one question may take.
        backoff_s: seconds before the second attempt at an item; doubles with each attempt.
        fetch: brings the official sources up to date; None where rounds must not.
    """

    home: Path
    clock: Clock
    network: Callable[[Guard], Network]
    budget_s: float = 8.0
    backoff_s: float = 2.0
    fetch: Callable[[Path, dt.datetime], Refreshed] | None = None

    @property
    def corpus_path(self) -> Path:
        """Return where the corpus in use lies."""
        return self.home / "corpus.hygie"

    @cached_property
    def corpus(self) -> Corpus:
        """Return the open corpus; the starter corpus is built when there is none."""
        path = prepare_corpus(self.corpus_path)
        self.__dict__["stamp"] = _stamp(path)
        return open_corpus(path)

    def renew(self) -> None:
        """Open the corpus anew if another process replaced its file; costs a look at the file."""
        opened = self.__dict__.get("stamp")
        if opened is not None and _stamp(prepare_corpus(self.corpus_path)) != opened:
            del self.__dict__["corpus"], self.__dict__["stamp"]

    @cached_property
    def exposure_policy(self) -> ExposurePolicy:
        """Return the grading policy in force today."""
        return exposure_policy(on=timezone.localdate(self.clock()))

    @cached_property
    def decision_policy(self) -> DecisionPolicy:
        """Return the decision policy in force today."""
        return decision_policy(on=timezone.localdate(self.clock()))


def _stamp(path: Path) -> tuple[str, int, int]:
    found = path.stat()
    return str(path), found.st_ino, found.st_mtime_ns


def internet(contact: str) -> Callable[[Guard], Network]:
    """Return what makes the real network; probes show ``contact`` to those they question."""
    return lambda guard: InternetNetwork(contact=contact, guard=guard, politeness=politeness())


def laboratory(home: Path) -> Callable[[Guard], Network]:
    """Return what makes the network of the lab started under ``home``."""
    return lambda guard: LabNetwork.from_file(home / "lab" / "network.json", guard=guard)


def official_sources(home: Path, now: dt.datetime) -> Refreshed:
    """Fetch what changed at the official addresses, and build the corpus anew if anything did."""
    with open_client(f"Hygie/{version('hygie')}") as client:
        return refresh(official_feeds(on=now.date()), home, client=client, now=now)


def workbench() -> Workbench:
    """Return the bench of this installation; a home that holds a running lab uses it."""
    home = settings.HYGIE_HOME
    in_lab = (home / "lab" / "network.json").exists()
    return Workbench(
        home=home,
        clock=timezone.now,
        network=laboratory(home) if in_lab else internet(settings.HYGIE_CONTACT),
        budget_s=4.0 if in_lab else 15.0,
        fetch=official_sources if settings.HYGIE_FETCH and not in_lab else None,
    )
