"""A world in which every guarded table holds rows of several places, seen by a plain role."""

from __future__ import annotations

import datetime as dt
import uuid
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, transaction
from django.db.models import Q
from django.utils import timezone
from tests.web.world import PLACES, World, build

from hygie.api.models import GivenAnswer
from hygie.domain.estate.models import Asset, Installed, Mapping, Product
from hygie.domain.outbox.access import runs_platform
from hygie.domain.outbox.models import Mail
from hygie.domain.people.models import DelegatedPermission, Delegation, Notice, User
from hygie.domain.people.roles import Permission
from hygie.domain.people.rowsecurity.installing import admit
from hygie.domain.people.rowsecurity.policies import POLICIES
from hygie.domain.people.rowsecurity.scope import SYSTEM, speaking
from hygie.domain.people.scope import node_ids_for
from hygie.domain.rounds import queries as rounds
from hygie.domain.rounds.models import Item, Slot
from hygie.domain.territory.models import Node
from hygie.web.journal import reading as journal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.db.models import Model, QuerySet

    from hygie.domain.people.scope import Asker

NEEDS = "row-level security is PostgreSQL's: set DATABASE_URL"


def models_guarded() -> dict[str, type[Model]]:
    """Return the model of each table that has a policy."""
    known = {model._meta.db_table: model for model in apps.get_models()}
    return {table: known[table] for table in POLICIES}


def build_guarded() -> World:
    """Write the world of the pages, and rows into the tables that it leaves empty."""
    world, now = build(), timezone.now()
    product = Product.objects.create(key="0" * 64, name="produit inventé")
    for place in PLACES:
        node = world.nodes[place]
        asset = Asset.objects.filter(node=node)[0]
        Installed.objects.create(node=node, asset=asset, product=product, added_at=now)
        Mapping.objects.create(node=node, kind="devices", name="essai", columns={})
        Slot.objects.create(schedule="essai", node=node, due_at=now, taken_at=now)
    for name, user in world.users.items():
        GivenAnswer.objects.create(user=user, key=f"essai-{name}", given_at=now, expires_at=now)
        Mail.objects.create(
            notice=Notice.objects.get(user=user), to=user.email, created_at=now,
            message_id=f"<{name}@hygie.invalid>",
        )  # fmt: skip
    for model in models_guarded().values():
        if not model._default_manager.exists():
            _fill(model, world)
    return world


def _fill(model: type[Model], world: World) -> None:
    """Write a row for each place into a table that nobody filled, whatever its columns are."""
    for number, place in enumerate(PLACES):
        try:
            with transaction.atomic():
                model._default_manager.create(**_values(model, world, place, number, every=False))
        except IntegrityError:
            model._default_manager.create(**_values(model, world, place, number, every=True))


def _values(
    model: type[Model], world: World, place: str, number: int, *, every: bool
) -> dict[str, Any]:
    """Return plain values for the columns that want one, or for every column."""
    found: dict[str, Any] = {}
    for one in model._meta.concrete_fields:
        wants = every or one.name == "node" or not (one.has_default() or one.null)
        if one.auto_created or not wants:
            continue
        if one.is_relation:
            found[one.name] = _related(one.related_model, world, place)
        elif one.choices:
            found[one.name] = next(iter(one.choices))[0]
        else:
            kind = one.get_internal_type()
            found[one.name] = _PLAIN[kind] if kind in _PLAIN else f"{place[:4]}{number}"
    return found


def _related(model: type[Model], world: World, place: str) -> Any:  # noqa: ANN401 - a row of any table
    """Return the row of a place, or else the one that was written for it."""
    if model is Node:
        return world.nodes[place]
    if model is User:
        return world.users[OWNERS[place]]
    rows = model._default_manager.order_by("pk")
    if "node" in {one.name for one in model._meta.concrete_fields}:
        return rows.filter(node=world.nodes[place]).first()
    written = list(rows[: len(PLACES)])
    return written[PLACES.index(place) % len(written)]


OWNERS = {"own": "rssi", "neighbour": "ars", "overseas": "cert"}
"""Whose row it is, in a table of accounts that nobody filled."""

_PLAIN: dict[str, Any] = {
    "DateTimeField": timezone.now(),
    "DateField": timezone.localdate(),
    "JSONField": {},
    "BinaryField": b"",
    "BooleanField": False,
    **dict.fromkeys(
        ("PositiveIntegerField", "PositiveSmallIntegerField", "BigIntegerField", "FloatField",
         "IntegerField", "SmallIntegerField", "PositiveBigIntegerField"), 1,
    ),
}  # fmt: skip


def delegate(world: World, to: str, place: str, *permissions: str, **fields: object) -> Delegation:
    """Have a member let somebody act there; accepted and in force unless ``fields`` say not."""
    now = timezone.now()
    given = Delegation.objects.create(
        **{  # type: ignore[arg-type] # columns of any kind
            "node": world.nodes[place],
            "to_user": world.users[to],
            "reason": "renfort",
            "valid_from": now.date() - dt.timedelta(days=1),
            "valid_to": now.date() + dt.timedelta(days=9),
            "proposed_by": world.users["rssi"],
            "proposed_at": now,
            "accepted_by": world.users["director"],
            "accepted_at": now,
            **fields,
        }
    )
    for permission in permissions:
        DelegatedPermission.objects.create(delegation=given, permission=permission)
    return given


def visible(model: type[Model], asker: Asker) -> QuerySet[Any]:
    """Return what the application shows of a table to somebody: the first line."""
    table = model._meta.db_table
    parent, column = POLICIES[table].through
    if table in _BY_OTHER_DOORS:
        return _BY_OTHER_DOORS[table](asker)  # type: ignore[no-any-return]
    if parent:
        shown = visible(models_guarded()[parent], asker)
        return model._default_manager.filter(**{f"{column}__in": shown.order_by().values("pk")})
    if hasattr(model._default_manager, "visible_to"):
        return model._default_manager.visible_to(asker)  # type: ignore[no-any-return]
    read = POLICIES[table].read  # pages reach it through a queryset that names the right itself
    assert read is not None, f"{table}: say in _BY_OTHER_DOORS how the application shows it"
    return model._default_manager.filter(node_id__in=node_ids_for(asker, read))


_BY_OTHER_DOORS: dict[str, Any] = {
    "rounds_round": rounds.rounds,
    "rounds_item": lambda asker: Item.objects.filter(
        node_id__in=node_ids_for(asker, Permission.ROUND_READ)
    ),
    "rounds_slot": lambda _: Slot.objects.none(),
    "journal_entry": journal.entries,
    "veille_subscription": lambda asker: apps.get_model("veille", "Subscription").objects.filter(
        user_id=asker.pk
    ),
    "people_notice": lambda asker: Notice.objects.filter(user_id=asker.pk),
    "api_givenanswer": lambda asker: GivenAnswer.objects.filter(user_id=asker.pk),
    "outbox_mail": lambda asker: Mail.objects.filter(
        Q() if runs_platform(asker) else Q(notice__user_id=asker.pk)
    ),
}


@contextmanager
def plain_role() -> Iterator[str]:
    """Work as a role that policies bind, made in the test's own transaction."""
    if connection.vendor != "postgresql":
        pytest.skip(NEEDS)
    name = f"hygie_test_{uuid.uuid4().hex[:12]}"
    admit(connection, name)
    with connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL ROLE {name}")
        try:
            yield name
        finally:
            if not connection.needs_rollback:
                cursor.execute("RESET ROLE")


def numbers(rows: QuerySet[Any]) -> set[Any]:
    return set(rows.order_by().values_list("pk", flat=True))


def by_the_application(model: type[Model], asker: Asker) -> set[Any]:
    """Return the first line's answer alone, the database letting everything through."""
    with speaking(SYSTEM):
        return numbers(visible(model, asker))
