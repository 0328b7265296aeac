"""``state`` is proved beside ``installing``; here, that it tells roles apart."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.db import connection
from tests.domain.people.rowsecurity.guarded import NEEDS

from hygie.domain.people.rowsecurity.state import standing

if TYPE_CHECKING:
    from tests.web.world import World


@pytest.mark.usefixtures("db")
def test_whoever_made_the_tables_may_lift_their_policies() -> None:
    if connection.vendor != "postgresql":
        pytest.skip(NEEDS)

    assert standing(connection).is_owner


def test_the_plain_role_of_these_tests_is_below_the_policies(world: World, plain: str) -> None:  # noqa: ARG001 - fixtures
    ours = standing(connection)

    assert (ours.name, ours.is_above, ours.is_owner) == (plain, False, False)
