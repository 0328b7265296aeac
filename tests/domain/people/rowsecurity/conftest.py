"""The guarded world, and a role of the database that is above nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.db import connection
from tests.domain.people.rowsecurity.guarded import NEEDS, build_guarded, plain_role

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.web.world import World


@pytest.fixture
def world(db: None) -> World:  # noqa: ARG001 - opens the database
    if connection.vendor != "postgresql":
        pytest.skip(NEEDS)
    return build_guarded()


@pytest.fixture
def plain(world: World) -> Iterator[str]:  # noqa: ARG001 - written before the role is taken
    with plain_role() as name:
        yield name
