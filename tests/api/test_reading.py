"""What each reading operation says, in as many questions to the database however long the list."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from tests.web.world import CVE, RULE

from hygie.api import (
    establishments,
    estate,
    findings,
    journal,
    me,
    measures,
    reviews,
    rounds,
    surveillance,
    territory,
)
from hygie.api.places import bounded
from hygie.domain.estate.models import Asset
from hygie.domain.findings import telling
from hygie.domain.findings.models import Finding
from hygie.domain.territory.models import ALWAYS, EVER, Change, Edge, Review

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.web.world import World

ROUTERS = [
    module.router
    for module in (
        establishments, estate, findings, journal, me, measures, reviews, rounds, surveillance,
        territory,
    )
]  # fmt: skip


@pytest.fixture
def read(caller: Callable[[str], Client]) -> Callable[..., dict[str, object]]:
    def asked(name: str, path: str) -> dict[str, object]:
        answer = caller(name).get(f"/api/v1/{path}")
        assert answer.status_code == 200, answer.content
        found: dict[str, object] = answer.json()
        return found

    return asked


Read = "Callable[..., dict[str, Any]]"


def test_me_is_the_account_and_what_its_token_allows(read: Read, world: World) -> None:
    found = read("rssi", "me")

    assert found["email"] == "rssi@exemple.example"
    assert [(role["role"], role["node"]["name"]) for role in found["roles"]] == [
        ("rssi", "Hôpital d’Aurore")
    ]
    assert "finding.plan" in found["permissions"]
    assert found["token"]["node_id"] == world.nodes["own"].pk


def test_a_person_has_no_token(world: World) -> None:
    client = Client()
    client.force_login(world.users["trainer"], backend="django.contrib.auth.backends.ModelBackend")

    found = client.get("/api/v1/me").json()

    assert (found["token"], found["permissions"]) == (None, ["territory.read"])


def test_places_are_found_by_words_level_and_what_is_above(read: Read, world: World) -> None:
    names = {
        query: [node["name"] for node in read("cert", f"nodes?{query}")["items"]]
        for query in ("q=AURORE+hopital", "kind=ars", f"under={world.nodes['ej-a'].pk}", "q=-")
    }

    assert names == {
        "q=AURORE+hopital": ["Hôpital d’Aurore"],
        "kind=ars": ["ARS des Îles", "ARS du Levant"],
        f"under={world.nodes['ej-a'].pk}": ["EHPAD d’Aurore", "Hôpital d’Aurore"],
        "q=-": [],
    }


def test_a_place_is_told_as_it_stood_on_a_day(read: Read, world: World) -> None:
    merged = dt.date(2025, 1, 1)
    Edge.objects.filter(child=world.nodes["ej-b"]).update(valid_from=merged)
    node = world.nodes["ej-b"].pk

    before = read("cert", f"nodes/{node}?as_of=2024-12-31")
    after = read("cert", f"nodes/{node}?as_of=2025-01-01")

    assert before["parents"] == []
    assert [p["node"]["code"] for p in after["parents"]] == ["GHT-B"]
    assert after["parents"][0]["valid_from"] == "2025-01-01"
    assert after["below"] == {"et": 1}


def test_a_place_out_of_scope_is_not_named_as_a_parent(read: Read, world: World) -> None:
    assert read("rssi", f"nodes/{world.nodes['own'].pk}")["parents"] == []


def test_children_are_those_directly_below(read: Read, world: World) -> None:
    found = read("ars", f"nodes/{world.nodes['x1'].pk}/children")

    assert [node["code"] for node in found["items"]] == ["GHT-A", "GHT-B"]


def test_an_establishment_is_read_by_its_number_with_what_one_may_know(read: Read) -> None:
    rssi = read("rssi", "establishments/990100109")
    ministry = read("ministry", "establishments/990100109")

    assert (rssi["grade"], rssi["findings"]["act"], rssi["measured"]["act"]) == ("C", 2, 2.0)
    assert (ministry["grade"], ministry["findings"]) == (None, None)
    assert ministry["measured"]["overdue"] == 1.0


def test_establishments_are_narrowed(read: Read, world: World) -> None:
    query = f"establishments?q=brume&under={world.nodes['x1'].pk}"

    assert [found["code"] for found in read("cert", query)["items"]] == ["990100307"]


def test_assets_are_narrowed(read: Read, world: World) -> None:
    base = f"nodes/{world.nodes['own'].pk}/assets"

    found = read("rssi", f"{base}?kind=device&criticality=important&q=imagerie")

    assert [asset["name"] for asset in found["items"]] == ["Console d’imagerie"]
    assert read("rssi", f"{base}?kind=system")["items"] == []


def test_a_mandate_says_what_it_allows_now(read: Read, world: World) -> None:
    found = read("rssi", f"mandates/{world.mandates['own'].pk}")

    assert (found["standing"], found["open_now"]) == ("valid", True)
    assert found["perimeter"] == [{"kind": "domain", "value": "own.example"}]
    assert read("rssi", f"nodes/{world.nodes['own'].pk}/mandates")["items"] == [found]


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("", 3),
        ("state=all", 5),
        ("state=untouched", 2),
        ("decision=attend", 1),
        ("severity=critical", 1),
        ("origin=vulnerability", 1),
        ("overdue=true", 1),
        (f"q={CVE.lower()}", 1),
        ("state=all&q=TLS", 4),
    ],
)
def test_findings_are_narrowed(query: str, count: int, read: Read) -> None:
    assert len(read("rssi", f"findings?{query}")["items"]) == count


def test_findings_of_a_place_are_those_below(read: Read, world: World) -> None:
    found = read("cert", f"findings?state=all&node={world.nodes['ght-b'].pk}")

    assert {item["node"]["name"] for item in found["items"]} == {"Hôpital de Brume"}


def test_a_finding_is_told_with_its_reasons(read: Read, world: World) -> None:
    found = read("rssi", f"findings/{world.findings['own.late'].pk}")

    assert found["rule_id"] == RULE
    assert found["why"]
    assert found["steps"]
    assert found["reference"]["label"]
    assert found["reasons"] == telling.sentences(
        world.findings["own.late"], [{"code": "severity.major"}]
    )
    assert found["reasons"][0] != "severity.major"
    assert found["facts"]["certificate.trusted"] is None
    assert found["moves"] == ["take", "plan", "accept", "declare"]


def test_a_reason_of_a_policy_that_is_gone_is_still_told(world: World) -> None:
    finding = world.findings["own.late"]
    finding.policy_version = "hygie.decision 0.0.1"

    assert telling.sentences(finding, [{"code": "severity.major"}])


def test_what_happened_to_a_finding_is_listed(read: Read, world: World) -> None:
    found = read("rssi", f"findings/{world.findings['own.late'].pk}/events")

    assert [(event["kind"], event["actor"]) for event in found["items"]] == [("seen", "système")]


def test_sightings_are_the_answers_known(read: Read, world: World) -> None:
    base = f"nodes/{world.nodes['x1'].pk}/sightings"

    found = read("ars", base)

    assert [item["subject"] for item in found["items"]] == [
        "vpn.neighbour.example:443",
        "vpn.own.example:443",
    ]
    assert read("ars", f"{base}?probe=dns&past=true")["items"] == []


def test_grades_and_measures_are_read_through_time(read: Read, world: World) -> None:
    base = f"nodes/{world.nodes['own'].pk}"

    grades = read("rssi", f"{base}/grades")["items"]
    last = {row["name"]: row["value"] for row in read("rssi", f"{base}/measures")["items"]}
    series = read("rssi", f"{base}/measures/findings.act")["items"]

    assert [grade["letter"] for grade in grades] == ["C", "D"]
    assert last["findings.act"] == 2.0
    assert [reading["value"] for reading in series] == [2.0, 2.0]


def test_a_round_shows_each_reader_their_own_part(read: Read, world: World) -> None:
    turn = world.rounds["national"].pk

    mine = read("rssi", f"rounds/{turn}")
    all_of_it = read("cert", f"rounds/{turn}")

    assert mine["progress"] == [{"step": "observe", "done": 1, "failed": 0, "todo": 0}]
    assert mine["failures"] == []
    assert [failure["note"] for failure in all_of_it["failures"]] == ["résolveur injoignable"]
    assert "summary" not in mine


def test_the_journal_can_be_followed_and_narrowed(read: Read, world: World) -> None:
    lines = read("admin", "journal?order=oldest")["items"]
    numbers = [line["sequence"] for line in lines]
    signed = read("rssi", "journal?action=mandate.signed&subject_type=mandate&actor=essai")["items"]

    assert numbers == sorted(numbers)
    assert [line["previous_hash"] for line in lines[1:]] == [line["hash"] for line in lines[:-1]]
    assert [line["node_id"] for line in signed] == [world.nodes["own"].pk]
    assert read("rssi", "journal?subject_id=0")["items"] == []


def test_reviews_are_for_who_imports(read: Read) -> None:
    review = Review.objects.create(
        kind="finess", file_name="essai.csv", sha256="0" * 64, as_of=timezone.localdate(),
        created_at=timezone.now(), created_by="essai", problems=[[3, "nom", "absent"]],
    )  # fmt: skip
    Change.objects.create(
        review=review, kind="opened", node_kind="et", code="990100505", name="Hôpital neuf"
    )

    [listed] = read("admin", "reviews?state=proposed")["items"]
    detail = read("admin", f"reviews/{review.pk}")
    [change] = read("admin", f"reviews/{review.pk}/changes?kind=opened")["items"]

    assert listed["hold_reason"] is None
    assert detail["counts"] == {"opened": {"et": 1}}
    assert detail["problems"] == [[3, "nom", "absent"]]
    assert change["name"] == "Hôpital neuf"


def test_time_without_bounds_is_null() -> None:
    day = dt.date(2025, 1, 1)

    assert [bounded(d) for d in (ALWAYS, day, EVER)] == [None, day, None]


PINNED = {
    "me": 2,
    "nodes": 2,
    "nodes/{node}": 4,
    "nodes/{node}/children": 3,
    "establishments": 2,
    "establishments/990100109": 5,
    "nodes/{node}/assets": 3,
    "nodes/{node}/mandates": 4,
    "mandates/{mandate}": 3,
    "findings": 3,
    "findings/{finding}": 2,
    "findings/{finding}/events": 3,
    "nodes/{node}/sightings": 3,
    "nodes/{node}/grades": 3,
    "nodes/{node}/measures": 3,
    "nodes/{node}/measures/findings.act": 3,
    "rounds": 3,
    "rounds/{round}": 4,
    "journal": 4,
}
"""Questions to the database, the first of each the token's; on PostgreSQL the count is one more."""


@pytest.mark.parametrize(("path", "count"), PINNED.items())
def test_the_number_of_questions_is_pinned(
    path: str, count: int, world: World, caller: Callable[[str], Client]
) -> None:
    many(world)
    client = caller("cert" if path != "journal" else "anssi")
    url = "/api/v1/" + path.format(
        node=world.nodes["own"].pk,
        mandate=world.mandates["own"].pk,
        finding=world.findings["own.late"].pk,
        round=world.rounds["national"].pk,
    )
    client.get(url)  # the token is stamped once every five minutes

    with CaptureQueriesContext(connection) as asked:
        client.get(url)

    counted = count + (connection.vendor == "postgresql")
    assert len(asked) == counted, [query["sql"][:120] for query in asked]


def many(world: World) -> None:
    """Make lists long enough that a question a row would show."""
    now, node = timezone.now(), world.nodes["own"]
    Asset.objects.bulk_create(
        Asset(node=node, kind="system", name=f"poste {n}", added_at=now) for n in range(20)
    )
    Finding.objects.bulk_create(
        Finding(
            node=node, identity=f"{n:064d}", origin="exposure", rule_id=RULE, severity="minor",
            subject=f"s{n}.own.example", title="t", first_seen_at=now, last_seen_at=now,
            last_reached_at=now,
        )
        for n in range(20)
    )  # fmt: skip
