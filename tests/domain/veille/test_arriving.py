from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from tests.domain.places import NOW
from tests.domain.veille.publications import bulletin, kev
from tests.realdata import shared

from hygie.domain.veille.actions import facts_of
from hygie.domain.veille.arriving import KEV_FILE, Came, take_in, take_in_documents
from hygie.domain.veille.models import Advisory, AdvisoryCve, Cve, Refusal
from hygie.domain.veille.stream import steps
from hygie.vocabulary.facts import CveFacts

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from hygie.vocabulary.facts import Component, CveFacts, Verdict

pytestmark = pytest.mark.django_db

LATER = NOW + dt.timedelta(days=1)
FLAW = "CVE-2099-0001"


class Facts:
    """A corpus that knows the probability of one CVE."""

    identity = "essai"

    def __init__(self, probability: float = 0.0) -> None:
        self._probability = probability

    def verdicts(self, components: Sequence[Component]) -> list[tuple[bool, list[Verdict]]]:
        return [(False, []) for _ in components]

    def facts(self, cve_ids: Iterable[str]) -> dict[str, CveFacts]:
        known = facts_of(Cve(cve_id=FLAW))
        return {one: replace(known, epss_probability=self._probability) for one in cve_ids}


def publish(folder: Path, document: bytes, name: str = "a.json") -> None:
    folder.mkdir(exist_ok=True)
    (folder / name).write_bytes(document)


def test_an_advisory_comes_once(tmp_path: Path) -> None:
    publish(tmp_path, bulletin("CERTFR-2099-AVI-0001", FLAW))

    assert take_in_documents(tmp_path, now=NOW) == Came(new=1)
    assert take_in_documents(tmp_path, now=LATER) == Came(same=1)

    kept = Advisory.objects.get()
    assert (kept.kind, kept.came_at, kept.changed_at) == ("certfr-avis", NOW, NOW)
    assert AdvisoryCve.objects.get().cve_id == FLAW


def test_a_revision_is_kept_as_a_difference(tmp_path: Path) -> None:
    publish(tmp_path, bulletin("CERTFR-2099-AVI-0001", FLAW))
    take_in_documents(tmp_path, now=NOW)
    publish(tmp_path, bulletin("CERTFR-2099-AVI-0001", FLAW, "CVE-2099-0002", title="Plusieurs"))

    assert take_in_documents(tmp_path, now=LATER) == Came(changed=1)

    [last, first] = steps(Advisory.objects.get())
    assert (last.at, first.at, first.changes) == (LATER, NOW, ())
    assert {one.field: (one.removed, one.added) for one in last.changes} == {
        "title": (("Vulnérabilité dans Essai",), ("Plusieurs",)),
        "cve_ids": ((), ("CVE-2099-0002",)),
    }
    assert AdvisoryCve.objects.count() == 2


def test_a_withdrawal_is_told_as_one(tmp_path: Path) -> None:
    publish(tmp_path, bulletin())
    take_in_documents(tmp_path, now=NOW)
    publish(tmp_path, bulletin(closed_at="2099-03-01"))
    take_in_documents(tmp_path, now=LATER)

    assert [one.withdrawn for one in steps(Advisory.objects.get())] == [True, False]


def test_a_malformed_document_is_refused_once_and_the_others_go_on(tmp_path: Path) -> None:
    publish(tmp_path, bulletin("CERTFR-2099-AVI-0001", "CVE-XX"), "bad.json")
    publish(tmp_path, bulletin("CERTFR-2099-AVI-0002"), "good.json")

    first = take_in_documents(tmp_path, now=NOW)
    take_in_documents(tmp_path, now=LATER)

    assert (first.new, first.refused) == (1, 1)
    kept = Refusal.objects.get()
    assert kept.name == "bad.json"
    assert "CVE" in kept.reason


def test_exploited_flaws_come_from_the_catalogue(tmp_path: Path) -> None:
    publish(tmp_path, kev(FLAW), KEV_FILE)
    take_in(tmp_path, Facts(), now=NOW)
    publish(tmp_path, kev(FLAW, "CVE-2099-0002"), KEV_FILE)

    assert take_in(tmp_path, Facts(), now=LATER).new == 1
    assert Advisory.objects.filter(kind="kev").count() == 2


def test_a_catalogue_that_is_not_one_is_refused(tmp_path: Path) -> None:
    publish(tmp_path, b"<html>maintenance</html>", KEV_FILE)

    take_in(tmp_path, Facts(), now=NOW)

    assert Refusal.objects.get().name == KEV_FILE
    assert not Advisory.objects.exists()


@pytest.mark.parametrize(("before", "after", "jumps"), [
    (0.05, 0.2, 1), (0.2, 0.8, 1), (0.05, 0.8, 1), (0.2, 0.3, 0), (0.8, 0.2, 0),
])  # fmt: skip
def test_a_probability_that_passes_a_threshold_is_told(
    before: float, after: float, jumps: int, tmp_path: Path
) -> None:
    Cve.objects.create(cve_id=FLAW, epss_probability=before)

    assert take_in(tmp_path, Facts(after), now=NOW).new == jumps


@pytest.mark.slow
@pytest.mark.parametrize(
    ("folder", "documents", "kept"), [("certfr", 4104, 4291), ("csaf", 2383, 2383)]
)
def test_every_real_document_is_taken_in_or_refused_with_a_reason(
    folder: str, documents: int, kept: int
) -> None:
    """4,025 avis, and 266 alerts: 78 whole ones, 188 that only an index of 261 lists."""
    came = take_in_documents(shared(folder), now=NOW)

    assert came.refused == Refusal.objects.count() == 0
    assert Advisory.objects.count() == kept == came.new
    assert documents <= came.new + came.same + came.changed + 261
