from __future__ import annotations

import datetime as dt

import pytest
from tests.domain.places import NOW, make_site

from hygie.domain.surveillance.actions import record_outcomes
from hygie.domain.surveillance.models import TARGET, Attempt, Sighting
from hygie.domain.surveillance.replay import outcomes_since, with_memory
from hygie.vocabulary.facts import EVIDENCE_MAX_BYTES, NotObserved, Observation

pytestmark = pytest.mark.django_db

LATER = NOW + dt.timedelta(hours=6)


def seen(
    probe: str = "tls", at: dt.datetime = NOW, port: int = 443, **value: object
) -> Observation:
    return Observation(f"vpn.essai.example:{port}", probe, value, b"proof", at)  # type: ignore[arg-type]


def silent(probe: str = "tls", at: dt.datetime = NOW, port: int = 443) -> NotObserved:
    return NotObserved(f"vpn.essai.example:{port}", probe, "timeout", "pas de réponse", at)


def test_the_same_answer_lengthens_its_interval() -> None:
    site = make_site()
    record_outcomes(site, [seen(accepted=["TLSv1.2"])])

    counts = record_outcomes(site, [seen(at=LATER, accepted=["TLSv1.2"])])

    sighting = Sighting.objects.get()
    assert (sighting.first_seen_at, sighting.last_seen_at) == (NOW, LATER)
    assert counts["changed"] == 0


def test_another_answer_ends_the_interval_and_opens_the_next() -> None:
    site = make_site()
    record_outcomes(site, [seen(accepted=["TLSv1.0"])])

    counts = record_outcomes(site, [seen(at=LATER, accepted=["TLSv1.3"])])

    old, new = Sighting.objects.order_by("pk")
    assert (old.current, old.last_seen_at, new.current) == (False, NOW, True)
    assert counts["changed"] == 1


def test_a_silence_keeps_the_last_answer_and_says_so() -> None:
    site = make_site()
    record_outcomes(site, [seen(accepted=[])])

    counts = record_outcomes(site, [silent(at=LATER)])

    assert Sighting.objects.get().current
    attempt = Attempt.objects.get(probe="tls")
    assert (attempt.reached, attempt.reason, attempt.at) == (False, "timeout", LATER)
    assert (counts["targets"], counts["reached"]) == (1, 0)


def test_a_target_is_reached_when_anything_answered() -> None:
    site = make_site()

    counts = record_outcomes(site, [silent(), seen("http", port=80, status=200)])

    assert (counts["targets"], counts["reached"]) == (1, 1)
    assert Attempt.objects.get(probe=TARGET).subject == "vpn.essai.example"


@pytest.mark.parametrize(
    "outcome",
    [
        pytest.param(seen("tcp", port=3389, open=False), id="closed port"),
        pytest.param(seen("dicom", port=104, answers=False), id="no DICOM there"),
        pytest.param(silent("tcp", port=3389), id="filtered port"),
    ],
)
def test_a_port_never_seen_open_is_not_stored(outcome: Observation | NotObserved) -> None:
    counts = record_outcomes(make_site(), [outcome])

    assert counts["asked"] == 1
    assert not Sighting.objects.exists()
    assert not Attempt.objects.exclude(probe=TARGET).exists()


def test_a_port_that_was_open_and_closes_is_kept_as_the_proof() -> None:
    site = make_site()
    record_outcomes(site, [seen("tcp", port=3389, open=True)])

    record_outcomes(site, [seen("tcp", at=LATER, port=3389, open=False)])

    assert Sighting.objects.get(current=True).value == {"open": False}


def test_stored_outcomes_are_read_back_as_they_were_seen() -> None:
    site = make_site()
    outcomes = [seen(accepted=["TLSv1.2"]), silent("http", port=80)]
    record_outcomes(site, outcomes)

    assert sorted(outcomes_since(site, NOW), key=lambda one: one.probe) == sorted(
        outcomes, key=lambda one: one.probe
    )
    assert outcomes_since(site, LATER) == []


def test_evidence_is_bounded() -> None:
    long = Observation("a.example", "dns", {}, b"x" * 10_000, NOW)

    record_outcomes(make_site(), [long])

    assert len(Sighting.objects.get().evidence) == EVIDENCE_MAX_BYTES


def test_going_silent_does_not_make_the_last_answer_forgotten() -> None:
    site = make_site()
    record_outcomes(site, [seen(accepted=["TLSv1.0"])])
    record_outcomes(site, [silent(at=LATER)])

    fresh = outcomes_since(site, LATER)

    assert fresh == [silent(at=LATER)]
    assert with_memory(site, fresh) == [silent(at=LATER), seen(accepted=["TLSv1.0"])]
