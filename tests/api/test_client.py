"""The Python client against the service itself, in this process."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import httpx
import hygie_client  # found in clients/python by conftest
import pytest
from django.core.wsgi import get_wsgi_application
from tests.api import scope
from tests.api.test_writing import SBOM, TABLE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.web.world import World

OPERATIONS = {
    "me": "read_me", "nodes": "list_nodes", "node": "read_node", "children": "list_children",
    "establishments": "list_establishments", "establishment": "read_establishment",
    "assets": "list_assets", "mandates": "list_mandates", "mandate": "read_mandate",
    "import_sbom": "import_sbom_document", "import_inventory": "import_inventory_document",
    "findings": "list_findings", "finding": "read_finding", "finding_events": "list_events",
    "take": "take_finding", "plan": "plan_finding", "accept": "accept_finding",
    "declare": "declare_finding", "reopen": "reopen_finding", "sightings": "list_sightings",
    "grades": "list_grades", "measures": "list_measures", "readings": "list_readings",
    "rounds": "list_rounds", "round": "read_round", "start_round": "start_round",
    "journal": "list_entries", "reviews": "list_reviews", "review": "read_review",
    "review_changes": "list_changes",
    "advisories": "list_advisories", "advisory": "read_advisory",
    "statements": "list_statements", "national_statements": "list_national_statements",
    "declare_not_affected": "declare_not_affected", "approve_statement": "approve_statement",
    "revoke_statement": "revoke_statement",
}  # fmt: skip


@pytest.fixture
def hygie(secret_of: Callable[[str], str]) -> Iterator[hygie_client.Client]:
    transport = httpx.WSGITransport(app=get_wsgi_application())
    with hygie_client.Client("http://localhost", secret_of("rssi"), transport=transport) as client:
        yield client


def answering(
    *answers: httpx.Response | Exception,
) -> tuple[httpx.MockTransport, list[httpx.Request]]:
    """Return a transport that gives these answers in turn, and the requests it got."""
    left, asked = list(answers), []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        found = left.pop(0)
        if isinstance(found, Exception):
            raise found
        return found

    return httpx.MockTransport(answer), asked


def test_every_operation_has_its_method() -> None:
    methods = {name for name in vars(hygie_client.Client) if not name.startswith("_")} - {"close"}

    assert methods == set(OPERATIONS)
    assert set(OPERATIONS.values()) == {call.name for call in scope.calls()}


def test_everything_is_read(hygie: hygie_client.Client, world: World) -> None:
    node = world.nodes["own"].pk

    assert hygie.me()["name"] == "Personne rssi"
    assert [found["id"] for found in hygie.nodes(kind="et")] == [node]
    assert hygie.node(node, as_of="2026-01-01")["as_of"] == "2026-01-01"
    assert list(hygie.children(node)) == []
    assert [found["grade"] for found in hygie.establishments()] == ["C"]
    assert hygie.establishment("990100109")["id"] == node
    assert len(list(hygie.assets(node, kind="device"))) == 1
    [mandate] = hygie.mandates(node)
    assert hygie.mandate(mandate["id"]) == mandate
    assert [found["probe"] for found in hygie.sightings(node, past=True)] == ["tls"]
    assert len(list(hygie.grades(node))) == 2
    assert hygie.measures(node)[0]["name"] == "findings.act"
    assert len(list(hygie.readings(node, "findings.act"))) == 2
    assert hygie.round(next(hygie.rounds())["id"])["state"] == "done"
    assert next(hygie.journal(order="oldest"))["action"]


def test_a_list_goes_on_from_page_to_page(hygie: hygie_client.Client) -> None:
    found = list(hygie.findings(state="all", limit=2, overdue=False))

    assert len(found) == len({finding["id"] for finding in found}) == 5


def test_a_move_gives_back_the_tag_read(hygie: hygie_client.Client, world: World) -> None:
    pk = world.findings["own.flaw"].pk
    read = hygie.finding(pk)
    taken = hygie.take(pk, if_match=read.etag)

    with pytest.raises(hygie_client.StaleError):
        hygie.declare(pk, if_match=read.etag)

    assert hygie.declare(pk, if_match=taken.etag).value["state"] == "declared"
    assert [event["kind"] for event in hygie.finding_events(pk)] == ["declared", "taken", "seen"]


def test_a_plan_an_acceptance_and_a_way_back(hygie: hygie_client.Client, world: World) -> None:
    pk, day = world.findings["own.flaw"].pk, scope.RECIPES["plan_finding"].body["on"]  # type: ignore[index]

    assert hygie.plan(pk, on=day).value["planned_on"] == day
    assert hygie.accept(pk, until=day, reason="Remplacé le mois prochain.").value["accepted_by"]
    assert hygie.reopen(pk).value["state"] == "open"


def test_documents_are_sent(hygie: hygie_client.Client, world: World) -> None:
    node = world.nodes["own"].pk

    look = hygie.import_sbom(node, json.dumps(SBOM).encode(), dry_run=True)
    done = hygie.import_inventory(node, TABLE, name="p.csv", kind="applications")

    assert (look["applied"], done["applied"], done["added"]) == (False, True, 2)


def test_a_round_is_started(hygie: hygie_client.Client, world: World) -> None:
    assert hygie.start_round(world.nodes["own"].pk, steps=["match"])["is_new"]


def test_reviews_are_not_for_everybody(hygie: hygie_client.Client) -> None:
    for ask in (hygie.reviews, lambda: [hygie.review(1)], lambda: hygie.review_changes(1)):
        with pytest.raises(hygie_client.NotFoundError) as caught:
            list(ask())
        assert caught.value.type == "urn:hygie:problem:not-found"


def test_a_refusal_says_what_is_wrong(hygie: hygie_client.Client) -> None:
    with pytest.raises(hygie_client.ApiError, match="200 au plus") as caught:
        list(hygie.findings(limit=900))

    assert caught.value.status == 422
    assert caught.value.errors[0]["place"] == "query.limit"


def test_a_write_is_sent_again_with_the_same_key() -> None:
    lost, busy = httpx.ReadTimeout("lost"), httpx.Response(503, headers={"Retry-After": "3"})
    transport, asked = answering(lost, busy, httpx.Response(200, json={"state": "taken"}))
    waits: list[float] = []

    with hygie_client.Client("http://h", "t", transport=transport, sleep=waits.append) as client:
        client.take(1)

    assert len({request.headers["Idempotency-Key"] for request in asked}) == 1
    assert waits == [1.0, 3]


def test_a_network_that_stays_down_is_an_error() -> None:
    transport, asked = answering(*(httpx.ConnectError("down") for _ in range(3)))

    with (
        hygie_client.Client("http://h", "t", transport=transport, sleep=lambda _: None) as client,
        pytest.raises(httpx.ConnectError),
    ):
        client.me()
    assert len(asked) == 3


def test_a_service_that_asks_to_wait_too_long_is_an_error() -> None:
    transport, _ = answering(httpx.Response(429, headers={"Retry-After": "900"}, json=["?"]))

    with (
        hygie_client.Client("http://h", "t", transport=transport) as client,
        pytest.raises(hygie_client.TooManyRequestsError) as caught,
    ):
        client.me()
    assert caught.value.retry_after_s == 900


def test_a_proxy_that_answers_html_is_an_error_too() -> None:
    transport, _ = answering(httpx.Response(413, text="<html>"))

    with (
        hygie_client.Client("http://h", "t", transport=transport) as client,
        pytest.raises(hygie_client.ApiError, match="413"),
    ):
        client.me()


def test_a_conflict_is_told_apart(hygie: hygie_client.Client, world: World) -> None:
    with pytest.raises(hygie_client.ConflictError):
        hygie.reopen(world.findings["own.flaw"].pk)
