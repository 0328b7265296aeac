"""A round over three invented establishments, whose steps nobody runs."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest

from hygie.domain.rounds.actions import open_round
from hygie.domain.rounds.claims import enlist
from hygie.domain.territory.closure import rebuild_closure
from hygie.domain.territory.models import Edge, EdgeRole, Kind, Node

if TYPE_CHECKING:
    from hygie.domain.rounds.models import Round, Runner

NOW = dt.datetime(2026, 3, 4, 9, 30, tzinfo=dt.UTC)


@pytest.fixture
def nation(db: None) -> Node:  # noqa: ARG001 - opens the database
    top = Node.objects.create(kind=Kind.NATION, code="N", name="Nation d’essai")
    for number in range(3):
        site = Node.objects.create(kind=Kind.ET, code=f"99000{number}", name=f"Site {number}")
        Edge.objects.create(parent=top, child=site, role=EdgeRole.STRUCTURE)
    rebuild_closure()
    return top


@pytest.fixture
def turn(nation: Node) -> Round:
    return open_round(nation, actor="essai", now=NOW)[0]


@pytest.fixture
def runner(db: None) -> Runner:  # noqa: ARG001 - opens the database
    return enlist("premier", "machine", 1, "")


@pytest.fixture
def other(db: None) -> Runner:  # noqa: ARG001 - opens the database
    return enlist("second", "machine", 2, "")
