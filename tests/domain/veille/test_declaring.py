from __future__ import annotations

import datetime as dt

import pytest
from tests.domain.places import NOW, make_site, make_user

from hygie.domain.estate.models import Asset
from hygie.domain.findings.models import Finding, Origin, State
from hygie.domain.journal.models import Entry
from hygie.domain.territory.models import Node
from hygie.domain.veille.declaring import (
    Claim,
    DeclarationError,
    approve,
    declare,
    is_serious,
    longest_day,
    revoke,
)
from hygie.domain.veille.models import Cve, Justification, VexStatement
from hygie.vocabulary.enums import Criticality, Role

pytestmark = pytest.mark.django_db

FLAW = "CVE-2099-0001"
WHY = "Le module concerné n’est pas installé."


def claim(**more: object) -> Claim:
    values: dict[str, object] = {
        "justification": Justification.COMPONENT_ABSENT,
        "impact": WHY,
        "until": (NOW + dt.timedelta(days=30)).date(),
        **more,
    }
    return Claim(**values)  # type: ignore[arg-type]


def flaw(site: Node, subject: str = "Passerelle", **more: object) -> Finding:
    Cve.objects.get_or_create(cve_id=FLAW)
    values: dict[str, object] = {
        "origin": Origin.VULNERABILITY,
        "cve_id": FLAW,
        "place": "FortiOS",
        "facts": {"version": "6.0.4"},
        "title": FLAW,
        "severity": "major",
        **more,
    }
    return Finding.objects.create(
        node=site,
        identity=f"{site.pk}-{subject}",
        subject=subject,
        first_seen_at=NOW,
        last_seen_at=NOW,
        last_reached_at=NOW,
        **values,
    )


def state_of(finding: Finding) -> str:
    return str(Finding.objects.get(pk=finding.pk).state)


def test_a_declaration_sets_the_finding_aside_at_once_and_says_why() -> None:
    site = make_site()
    finding = flaw(site)

    statement = declare(finding, claim(), user=make_user(Role.RSSI, site), now=NOW)

    assert state_of(finding) == State.SET_ASIDE
    event = finding.events.get(kind="set_aside")
    assert event.detail["statement"] == statement.pk
    assert (event.detail["reason"], event.detail["until"]) == (WHY, "2026-04-03")
    actions = Entry.objects.order_by("sequence").values_list("action", flat=True)
    assert list(actions) == ["vex.declared", "finding.set_aside"]


def test_it_is_about_one_asset_unless_it_says_everywhere() -> None:
    site = make_site()
    one, other = flaw(site), flaw(site, "Secours")
    user = make_user(Role.RSSI, site)

    declare(one, claim(), user=user, now=NOW)
    assert (state_of(one), state_of(other)) == (State.SET_ASIDE, State.OPEN)

    declare(other, claim(everywhere=True), user=user, now=NOW)
    assert state_of(other) == State.SET_ASIDE


def test_it_touches_no_other_establishment() -> None:
    site, neighbour = make_site(), make_site("CH Voisin")
    ours, theirs = flaw(site), flaw(neighbour)

    declare(ours, claim(everywhere=True), user=make_user(Role.RSSI, site), now=NOW)

    assert (state_of(ours), state_of(theirs)) == (State.SET_ASIDE, State.OPEN)


def test_another_version_is_not_excused() -> None:
    site = make_site()
    one, newer = flaw(site), flaw(site, "Secours", facts={"version": "7.0.0"})

    declare(one, claim(everywhere=True), user=make_user(Role.RSSI, site), now=NOW)

    assert state_of(newer) == State.OPEN


@pytest.mark.parametrize(
    ("cve", "criticality"),
    [
        pytest.param({"kev_added_on": NOW.date()}, Criticality.SUPPORT, id="exploited"),
        pytest.param({}, Criticality.VITAL, id="vital"),
    ],
)
def test_a_serious_case_waits_for_a_second_person(
    cve: dict[str, object], criticality: Criticality
) -> None:
    site = make_site()
    finding = flaw(site)
    Cve.objects.filter(pk=FLAW).update(**cve) if cve else None
    finding.asset = Asset.objects.create(
        node=site, kind="device", name="Passerelle", criticality=criticality, added_at=NOW
    )
    finding.save()
    rssi, director = make_user(Role.RSSI, site), make_user(Role.DIRECTOR, site)

    assert is_serious(finding, on=NOW.date())
    statement = declare(finding, claim(), user=rssi, now=NOW)
    assert state_of(finding) == State.OPEN
    with pytest.raises(DeclarationError, match="seconde personne"):
        approve(statement, user=rssi, now=NOW)

    approve(statement, user=director, now=NOW)
    assert state_of(finding) == State.SET_ASIDE
    with pytest.raises(DeclarationError, match="n’attend plus"):
        approve(statement, user=director, now=NOW)


def test_a_serious_case_may_not_last_as_long() -> None:
    site = make_site()
    finding = flaw(site)
    assert (longest_day(finding, now=NOW) - NOW.date()).days == 366
    Cve.objects.update(kev_added_on=NOW.date())

    assert (longest_day(finding, now=NOW) - NOW.date()).days == 90


def test_what_is_revoked_is_open_again_for_its_reader_to_see() -> None:
    site = make_site()
    finding, user = flaw(site), make_user(Role.RSSI, site)
    statement = declare(finding, claim(), user=user, now=NOW)

    revoke(statement, user=user, now=NOW)

    finding.refresh_from_db()
    assert (finding.state, finding.times_returned, finding.closed_at) == (State.OPEN, 1, None)
    with pytest.raises(DeclarationError, match="déjà retirée"):
        revoke(statement, user=user, now=NOW)


def test_what_another_declaration_still_covers_stays_aside() -> None:
    site = make_site()
    finding, user = flaw(site), make_user(Role.RSSI, site)
    narrow = declare(finding, claim(), user=user, now=NOW)
    other = flaw(site, "Secours")
    declare(other, claim(everywhere=True), user=user, now=NOW)

    revoke(narrow, user=user, now=NOW)

    assert state_of(finding) == State.SET_ASIDE


@pytest.mark.parametrize(
    ("more", "field"),
    [
        pytest.param({"justification": "parce que"}, "justification", id="no such reason"),
        pytest.param({"impact": "RAS"}, "impact", id="no explanation"),
        pytest.param({"until": NOW.date() - dt.timedelta(days=1)}, "until", id="past"),
        pytest.param({"until": NOW.date() + dt.timedelta(days=367)}, "until", id="too long"),
    ],
)
def test_what_does_not_hold_is_refused_with_its_field(more: dict[str, object], field: str) -> None:
    site = make_site()
    finding = flaw(site)

    with pytest.raises(DeclarationError) as caught:
        declare(finding, claim(**more), user=make_user(Role.RSSI, site), now=NOW)

    assert caught.value.field == field
    assert not VexStatement.objects.exists()
    assert state_of(finding) == State.OPEN


def test_a_weakness_seen_from_outside_is_not_a_matter_of_vex() -> None:
    site = make_site()
    finding = flaw(site, origin=Origin.EXPOSURE, cve_id="", rule_id="tls.old-version")

    with pytest.raises(DeclarationError, match="vulnérabilité connue"):
        declare(finding, claim(), user=make_user(Role.RSSI, site), now=NOW)


def test_the_same_is_not_declared_twice() -> None:
    site = make_site()
    finding, user = flaw(site), make_user(Role.RSSI, site)
    Cve.objects.update(kev_added_on=NOW.date())  # it waits: the finding stays open
    declare(finding, claim(), user=user, now=NOW)

    with pytest.raises(DeclarationError, match="déjà déclaré"):
        declare(finding, claim(), user=user, now=NOW)
