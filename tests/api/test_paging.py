"""Pages by key: every row once, in order, whatever comes meanwhile."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.core import signing
from django.test import Client, RequestFactory

from hygie.api.fields import MAX_ID
from hygie.api.paging import Column, PageQuery, columns_of, page_of
from hygie.api.places import node_out
from hygie.api.problems import ProblemError
from hygie.domain.findings.models import Finding
from hygie.domain.territory.models import Node

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.web.world import World

ORDERS = ["urgency", "due", "newest", "oldest", "place"]


def pages(client: Client, path: str) -> list[dict[str, object]]:
    """Return the items of a list read page after page."""
    found, cursor = [], ""
    for _ in range(100):
        page = client.get(f"/api/v1/{path}{cursor}").json()
        found += page["items"]
        if page["next"] is None:
            return found
        cursor = f"&cursor={page['next']}"
    raise AssertionError("the list does not end")


@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("limit", [1, 2, 4])
def test_pages_are_the_whole_list_in_order(
    order: str, limit: int, caller: Callable[[str], Client]
) -> None:
    client, query = caller("cert"), f"findings?state=all&order={order}"

    whole = client.get(f"/api/v1/{query}&limit=200").json()["items"]

    assert len(whole) == Finding.objects.count() == 15
    assert pages(client, f"{query}&limit={limit}") == whole


def test_what_has_no_deadline_comes_last_on_every_page(caller: Callable[[str], Client]) -> None:
    found = pages(caller("cert"), "findings?state=all&order=due&limit=2")

    days = [item["due_at"] for item in found]
    dated = [day for day in days if day is not None]
    assert days == sorted(dated) + [None] * (len(days) - len(dated))  # type: ignore[type-var]


def test_a_row_that_comes_meanwhile_neither_repeats_nor_hides_another(
    world: World, caller: Callable[[str], Client]
) -> None:
    client = caller("rssi")
    first = client.get("/api/v1/findings?limit=2").json()
    late = world.findings["own.taken"]
    late.rank = -1
    late.save(update_fields=["rank"])

    rest = client.get(f"/api/v1/findings?limit=2&cursor={first['next']}").json()

    assert {i["id"] for i in first["items"]}.isdisjoint({i["id"] for i in rest["items"]})


@pytest.mark.parametrize(
    "cursor",
    [
        "0",
        "abc.def",
        ".:.",
        # Signed with its time: without an id two workers would name this case differently.
        pytest.param(signing.dumps(["x", [1]]), id="ours, for another list"),
        "a" * 1000,
        "%C3%A9",
        "a" * 1001,
        "%00",
    ],
)
def test_a_cursor_that_is_not_ours_is_refused(cursor: str, caller: Callable[[str], Client]) -> None:
    answer = caller("rssi").get(f"/api/v1/findings?cursor={cursor}")

    assert answer.status_code == 422


@pytest.mark.parametrize("other", ["findings?limit=1&state=all", "findings?limit=1&order=due"])
def test_a_cursor_of_another_question_is_refused(
    other: str, caller: Callable[[str], Client]
) -> None:
    client = caller("rssi")
    cursor = client.get("/api/v1/findings?limit=1").json()["next"]

    answer = client.get(f"/api/v1/{other}&cursor={cursor}")

    assert answer.json()["errors"][0]["code"] == "cursor"


@pytest.mark.parametrize("limit", ["0", "201", "-1", "x", str(MAX_ID + 1)])
def test_a_page_is_bounded(limit: str, caller: Callable[[str], Client]) -> None:
    assert caller("rssi").get(f"/api/v1/findings?limit={limit}").status_code == 422


def test_a_cursor_serves_another_size_of_page(caller: Callable[[str], Client]) -> None:
    client = caller("cert")
    cursor = client.get("/api/v1/findings?limit=1").json()["next"]

    assert client.get(f"/api/v1/findings?limit=5&cursor={cursor}").status_code == 200


def test_an_order_is_read_as_django_writes_it() -> None:
    assert columns_of(("-at", "pk"), nulls_last=("at",)) == (
        Column("at", descending=True, nulls_last=True),
        Column("pk"),
    )


@pytest.mark.usefixtures("world")
def test_a_page_tells_each_row() -> None:
    request = RequestFactory().get("/api/v1/nodes")

    page = page_of(
        request, Node.objects.all(), columns_of(("name", "pk")), PageQuery(limit=3), node_out
    )

    assert len(page["items"]) == 3
    assert page["next"]


@pytest.mark.usefixtures("world")
def test_a_cursor_of_another_length_is_refused() -> None:
    request = RequestFactory().get("/api/v1/nodes")
    rows, tell = Node.objects.all(), node_out
    cursor = page_of(request, rows, columns_of(("name", "pk")), PageQuery(limit=1), tell)["next"]

    with pytest.raises(ProblemError):
        page_of(request, rows, columns_of(("pk",)), PageQuery(limit=1, cursor=cursor), tell)
