from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from hygie.domain.people.models import Notice
from hygie.web import paging
from hygie.web.paging import page_of

if TYPE_CHECKING:
    from pytest_django import DjangoAssertNumQueries
    from tests.web.world import World

ROWS = 7


@pytest.fixture
def _rows(world: World) -> None:
    user = world.users["rssi"]
    at = Notice.objects.filter(user=user).get().at
    Notice.objects.bulk_create(
        Notice(user=user, key=f"k{n}", at=at, text=str(n)) for n in range(ROWS - 1)
    )


@pytest.mark.usefixtures("_rows")
@pytest.mark.parametrize(
    ("asked", "number", "count"),
    [
        (None, 1, 3),
        ("2", 2, 3),
        ("3", 3, 1),
        ("99", 3, 1),
        ("0", 1, 3),
        ("deux", 1, 3),
        ("٣", 1, 3),
    ],
)
def test_the_nearest_page_answers(asked: str | None, number: int, count: int) -> None:
    page = page_of(Notice.objects.filter(user__email__startswith="rssi"), asked, size=3)

    assert (page.number, len(page.rows), page.total, page.last) == (number, count, ROWS, 3)
    assert (page.has_previous, page.has_next) == (number > 1, number < 3)


@pytest.mark.usefixtures("_rows")
def test_a_very_long_list_is_counted_up_to_a_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paging, "COUNTED_AT_MOST", 5)

    page = page_of(Notice.objects.filter(user__email__startswith="rssi"), None, size=3)

    assert (page.total, page.more, page.last) == (5, True, 2)


@pytest.mark.usefixtures("_rows")
def test_a_list_of_keys_shows_the_same_rows_in_the_same_order(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    rows = Notice.objects.filter(user__email__startswith="rssi").order_by("-text", "pk")

    with django_assert_num_queries(3):
        page = page_of(rows, "2", size=3, shown=Notice.objects.select_related("user"))
        assert all(notice.user.email for notice in page.rows)

    assert page == page_of(rows, "2", size=3)
