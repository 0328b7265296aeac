from __future__ import annotations

from typing import TYPE_CHECKING

from hygie.domain.people.models import User
from hygie.web.home.platform import platform_page

if TYPE_CHECKING:
    from tests.web.world import World


def test_open_places_are_counted_level_by_level(world: World) -> None:
    node = world.nodes["annex"]
    node.closed_on = "2026-01-01"
    node.save()

    page = platform_page(world.users["admin"], world.nodes["nation"])

    assert [count for _, count in page["counts"]] == [1, 2, 3, 3, 3]  # type: ignore[attr-defined]


def test_accounts_without_role_are_counted_apart_services_and_closed_ones_never(
    world: World,
) -> None:
    before = platform_page(world.users["admin"], world.nodes["nation"])
    User.objects.create(email="sans@essai.example")
    User.objects.create(email="parti@essai.example", is_active=False)
    User.objects.create(email="siem@essai.example", is_service=True)

    after = platform_page(world.users["admin"], world.nodes["nation"])

    assert (before["without_role"], after["without_role"]) == (0, 1)
    assert after["accounts"] == before["accounts"] + 1  # type: ignore[operator]


def test_the_newest_rounds_come_first(world: World) -> None:
    page = platform_page(world.users["admin"], world.nodes["nation"])

    starts = [turn.started_at for turn in page["turns"]]  # type: ignore[attr-defined]
    assert starts == sorted(starts, reverse=True)
    assert 0 < len(starts) <= 5
