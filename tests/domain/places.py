"""A small invented territory for the tests of the domain: one GHT, two sites, a neighbour."""

from __future__ import annotations

import datetime as dt
from itertools import count

from hygie.domain.people.models import Grant, User
from hygie.domain.territory.models import ALWAYS, EVER, Closure, Kind, Node
from hygie.vocabulary.enums import Role

NOW = dt.datetime(2026, 3, 4, 9, 30, tzinfo=dt.UTC)
"""A Wednesday morning."""

_numbers = count(1)


def make_node(kind: Kind, name: str, *, above: tuple[Node, ...] = (), **fields: object) -> Node:
    """Return a node under ``above``, widest first, with its closure rows."""
    node = Node.objects.create(kind=kind, code=f"T{next(_numbers):08}", name=name, **fields)
    Closure.objects.bulk_create(
        Closure(
            ancestor=ancestor,
            descendant=node,
            depth=len(above) - at,
            valid_from=ALWAYS,
            valid_to=EVER,
        )
        for at, ancestor in enumerate((*above, node))
    )
    return node


def make_site(name: str = "CH d’Essai", **fields: object) -> Node:
    """Return an establishment alone under its nation."""
    nation = Node.objects.filter(kind=Kind.NATION).first() or make_node(Kind.NATION, "Nation")
    return make_node(Kind.ET, name, above=(nation,), **fields)


def make_user(role: Role, node: Node, email: str = "") -> User:
    """Return a person who holds ``role`` on ``node``."""
    user = User.objects.create_user(email or f"{role}-{next(_numbers)}@essai.example")
    Grant.objects.create(user=user, role=role, node=node, valid_from=dt.date(2020, 1, 1))
    return user
