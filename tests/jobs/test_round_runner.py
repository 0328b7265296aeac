"""One weakness of the lab, from its first sight to its verified repair, and what may go wrong."""

from __future__ import annotations

import datetime as dt

import pytest
from tests.jobs.conftest import START, Hospital

from hygie.domain.findings.actions import declare_fixed
from hygie.domain.findings.models import EventKind, Finding, State
from hygie.domain.journal.queries import verify
from hygie.domain.observatory.models import Measure
from hygie.domain.people.models import Notice, User
from hygie.domain.rounds.actions import MAX_ATTEMPTS, RoundError, open_round
from hygie.domain.rounds.models import ItemState, Round, RoundState, Step
from hygie.domain.surveillance.models import GradeGiven, Sighting
from hygie.domain.territory.models import Kind, Node
from hygie.domain.territory.queries import nation
from hygie.jobs.progress import Progress
from hygie.jobs.round_runner import run_round
from hygie.jobs.steps.decide import Decide
from hygie.lab.network import State as Switch

VPN = "vpn-ch-val-hygie"
RDP = "rdp-ch-panacee"


def vpn_findings() -> list[Finding]:
    return list(
        Finding.objects.filter(subject__startswith="vpn.ch-val-hygie.example", probe="http")
        .exclude(cve_id="")
        .order_by("cve_id")
    )


def test_a_weakness_is_followed_from_its_first_sight_to_its_verified_repair(
    hospital: Hospital,
) -> None:
    hospital.round()
    first = vpn_findings()
    assert "CVE-2018-13379" in [finding.cve_id for finding in first]
    assert {finding.decision for finding in first} == {"act"}
    assert all(finding.due_at and finding.due_at > hospital.now for finding in first)

    declare_fixed(first[0], user=User.objects.get(email="rssi@ch-val-hygie.example"), now=START)
    hospital.turn(VPN, Switch.FIXED)
    turn = hospital.round()

    states = set(Finding.objects.filter(pk__in=[f.pk for f in first]).values_list("state"))
    assert states == {(State.VERIFIED,)}
    assert turn.summary["reconcile"]["verified"] >= len(first)
    [*_, last] = first[0].events.all()
    assert last.kind == EventKind.VERIFIED
    assert verify().whole


def test_a_target_that_is_down_proves_nothing(hospital: Hospital) -> None:
    hospital.round()
    before = [(finding.pk, finding.state) for finding in vpn_findings()]

    hospital.turn(VPN, Switch.DOWN)
    hospital.round(Step.OBSERVE, Step.MATCH, Step.RECONCILE, Step.DECIDE)

    assert [(finding.pk, finding.state) for finding in vpn_findings()] == before
    assert before


def test_a_port_closed_from_the_internet_is_a_verified_repair(hospital: Hospital) -> None:
    hospital.round()
    rdp = Finding.objects.get(rule_id="services.remote-desktop")

    hospital.turn(RDP, Switch.FIXED)
    hospital.round()

    rdp.refresh_from_db()
    assert rdp.state == State.VERIFIED


def test_a_weakness_that_comes_back_says_so(hospital: Hospital) -> None:
    hospital.round()
    first = [finding.pk for finding in vpn_findings()]
    hospital.turn(VPN, Switch.FIXED)
    hospital.round()
    hospital.turn(VPN, Switch.BROKEN)

    turn = hospital.round()

    back = Finding.objects.filter(pk__in=first).values_list("state", "times_returned")
    assert set(back) == {(State.OPEN, 1)}
    assert turn.summary["reconcile"]["returned"] >= len(first)


def test_a_second_round_over_the_same_world_changes_nothing(hospital: Hospital) -> None:
    hospital.round()
    before = list(Finding.objects.order_by("pk").values("pk", "state", "facts", "due_at"))

    turn = hospital.round()

    assert list(Finding.objects.order_by("pk").values("pk", "state", "facts", "due_at")) == before
    assert turn.summary["reconcile"]["new"] == 0
    assert turn.summary["match"]["matched"] == 0


def test_nothing_without_an_open_mandate_is_ever_looked_at(hospital: Hospital) -> None:
    hospital.round()

    mandated = set(Node.objects.filter(mandates__valid_to__gt=hospital.now).values_list("pk"))
    seen = set(Sighting.objects.values_list("node_id"))
    assert seen <= mandated
    notes = set(
        Round.objects.get()
        .items.filter(step=Step.OBSERVE)
        .exclude(note="")
        .values_list("note", flat=True)
    )
    assert any("aucun mandat" in note for note in notes)
    assert any("expiré" in note for note in notes)


def test_every_level_is_measured_and_sums_its_sites(hospital: Hospital) -> None:
    hospital.round()

    act = Measure.objects.filter(name="findings.act", current=True)
    sites = sum(act.filter(node__kind=Kind.ET).values_list("value", flat=True))
    assert act.get(node=nation()).value == sites == Finding.objects.filter(decision="act").count()
    assert GradeGiven.objects.exclude(letter="").count() >= 10


def test_people_are_told_once_a_round_and_only_of_their_own(hospital: Hospital) -> None:
    hospital.round()

    told = dict(Notice.objects.values_list("user__email", "text"))
    assert set(told) == {"rssi@ch-val-hygie.example", "rssi@chr-machaon.example"}
    assert told["rssi@ch-val-hygie.example"] != told["rssi@chr-machaon.example"]

    count = Notice.objects.count()

    hospital.round()

    assert Notice.objects.count() == count  # nothing new, nothing said


def test_progress_is_told_item_by_item(hospital: Hospital) -> None:
    heard: list[Progress] = []
    turn, _ = open_round(nation(), [Step.MATCH], actor="essai", now=hospital.now)

    run_round(turn, hospital.bench(), hospital.runner(), report=heard.append)

    assert [(one.settled, one.total) for one in heard] == [(n, 15) for n in range(1, 16)]


def test_one_establishment_in_trouble_does_not_stop_the_others(
    hospital: Hospital, monkeypatch: pytest.MonkeyPatch
) -> None:
    good = Decide.write
    victim = Node.objects.filter(kind=Kind.ET).order_by("pk")[3]

    def write(self: Decide, item: object, *rest: object) -> dict[str, int]:
        if item.node_id == victim.pk:  # type: ignore[attr-defined]
            raise ZeroDivisionError
        return good(self, item, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(Decide, "write", write)

    turn = hospital.round()

    assert (turn.state, turn.summary["failed"]) == (RoundState.PARTIAL, 1)
    [failed] = turn.items.filter(state=ItemState.FAILED)
    assert (failed.node, failed.attempts) == (victim, MAX_ATTEMPTS)
    assert "ZeroDivisionError" in failed.note


def test_an_unfinished_round_is_the_one_that_goes_on(hospital: Hospital) -> None:
    first, new = open_round(nation(), actor="essai", now=hospital.now)
    again, also_new = open_round(nation(), actor="essai", now=hospital.now)

    assert (new, also_new, first.pk) == (True, False, again.pk)


def test_a_round_over_nothing_is_refused(db: None) -> None:  # noqa: ARG001 - an empty database
    empty = Node.objects.create(kind=Kind.NATION, code="VIDE", name="Nation vide")

    with pytest.raises(RoundError, match="aucun établissement"):
        open_round(empty, actor="essai", now=dt.datetime.now(dt.UTC))
