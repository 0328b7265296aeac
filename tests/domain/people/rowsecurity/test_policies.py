"""PostgreSQL gives each asker exactly what the application shows them, and takes nothing else."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import pytest
from django.apps import apps
from django.conf import settings
from django.db import ProgrammingError, connection, transaction
from django.utils import timezone
from tests.domain.people.rowsecurity.guarded import (
    by_the_application,
    delegate,
    models_guarded,
    numbers,
)
from tests.web.world import ROLES

from hygie.domain.estate.models import Asset, Mandate
from hygie.domain.findings.models import Event, EventKind, Finding
from hygie.domain.people.models import ApiToken, Grant
from hygie.domain.people.principal import Principal
from hygie.domain.people.roles import GRANTED, Permission
from hygie.domain.people.rowsecurity.policies import OPEN, POLICIES, RIGHTS
from hygie.domain.people.rowsecurity.scope import NOBODY, SYSTEM, scope_of, speaking
from hygie.domain.people.rowsecurity.sealing import sealed
from hygie.vocabulary.enums import Role

if TYPE_CHECKING:
    from tests.web.world import World

    from hygie.domain.people.scope import Asker

TABLES = sorted(POLICIES)
NAMES = [name for name, _, _ in ROLES]
REFUSED = "row-level security"
DAY = dt.timedelta(days=1)


def test_every_table_of_ours_is_guarded_or_says_why_not() -> None:
    ours = {
        model._meta.db_table
        for model in apps.get_models(include_auto_created=True)
        if model.__module__.startswith("hygie.")
    }

    assert ours == POLICIES.keys() | RIGHTS.keys() | OPEN.keys()
    assert len(ours) == len(POLICIES) + len(RIGHTS) + len(OPEN)


def same(asker: Asker) -> dict[str, tuple[set[Any], set[Any]]]:
    """Return the tables where the two lines differ for somebody, with what each gives."""
    found = {}
    for table, model in models_guarded().items():
        expected = by_the_application(model, asker)
        with speaking(scope_of(asker)):
            given = numbers(model._default_manager.all())
        if given != expected:
            found[table] = (given, expected)
    return found


def test_every_guarded_table_holds_rows_for_this_proof(world: World, plain: str) -> None:  # noqa: ARG001 - fixtures
    with speaking(SYSTEM):
        empty = [table for table in TABLES if not count(table)]

    assert not empty


@pytest.mark.usefixtures("plain")
def test_without_a_scope_there_are_no_rows() -> None:
    with speaking(NOBODY):
        shown = {table: count(table) for table in TABLES}

    assert shown == dict.fromkeys(TABLES, 0)


def count(table: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {table}")  # noqa: S608 - our own table
        return int(cursor.fetchone()[0])


@pytest.mark.usefixtures("plain")
def test_without_a_scope_nothing_is_added() -> None:
    for table in sorted(POLICIES.keys() - {"journal_entry"}):  # a refused sign-in leaves its line
        with pytest.raises(ProgrammingError, match=REFUSED), transaction.atomic():
            add_again(table)


def add_again(table: str) -> None:
    """Add a copy of a row: policies are asked before keys are."""
    with connection.cursor() as cursor:
        with speaking(SYSTEM):
            cursor.execute(f"SELECT to_jsonb(one) FROM {table} one LIMIT 1")  # noqa: S608 - our own table
            [row] = cursor.fetchone()
        with speaking(NOBODY):
            cursor.execute(
                f"INSERT INTO {table} SELECT * FROM jsonb_populate_record(NULL::{table}, %s)",  # noqa: S608 - our own table
                [row if isinstance(row, str) else connection.ops.adapt_json_value(row, None)],
            )


@pytest.mark.usefixtures("plain")
def test_a_role_has_what_the_application_shows_it(world: World) -> None:
    for name in NAMES:
        assert same(world.users[name]) == {}, name


@pytest.mark.usefixtures("plain")
def test_the_proof_would_see_a_difference(world: World) -> None:
    """A comparison of empty sets proves nothing: each kind of reader has rows, and not all."""
    with speaking(SYSTEM):
        everything = numbers(Finding.objects.all())
    for name in ("rssi", "director", "ars"):
        with speaking(scope_of(world.users[name])):
            shown = numbers(Finding.objects.all())
        assert shown
        assert shown < everything


@pytest.mark.usefixtures("plain")
def test_an_accepted_delegation_opens_what_it_says(world: World) -> None:
    now = timezone.now()
    with speaking(SYSTEM):
        delegate(world, "neighbour_rssi", "own", "finding.read")
    assert same(world.users["neighbour_rssi"]) == {}
    with speaking(scope_of(world.users["neighbour_rssi"])):
        assert Finding.objects.filter(node=world.nodes["own"]).exists()
        assert not Asset.objects.filter(node=world.nodes["own"]).exists()
    with speaking(SYSTEM):
        delegate(world, "trainer", "own", "finding.read")  # who proposes nothing acts for nobody
        delegate(world, "ght_rssi", "neighbour", "finding.read", accepted_by=None, accepted_at=None)
        delegate(world, "rssi", "neighbour", "finding.read", revoked_at=now)
        delegate(
            world, "director", "overseas", "finding.read",
            to_user=None, to_role=Role.DIRECTOR, to_node=world.nodes["ej-a"],
        )  # fmt: skip
        over = {"valid_from": now.date() - 2 * DAY, "valid_to": now.date() - DAY}
        delegate(world, "rssi", "overseas", "estate.read", **over)
    for name in NAMES:
        assert same(world.users[name]) == {}, name


@pytest.mark.usefixtures("plain")
def test_a_role_that_ended_or_a_closed_account_has_nothing(world: World) -> None:
    with speaking(SYSTEM):
        Grant.objects.filter(user=world.users["ars"]).update(valid_to=timezone.localdate())
        world.users["cert"].is_active = False
        world.users["cert"].save()
    for name in ("ars", "cert"):
        assert same(world.users[name]) == {}
        with speaking(scope_of(world.users[name])):
            placed = {
                table for table in TABLES if POLICIES[table].read or POLICIES[table].through[0]
            }
            assert {table: count(table) for table in placed} == dict.fromkeys(placed, 0)


def token(world: World, name: str, place: str, *permissions: Permission) -> Principal:
    """Return who calls with a token of an account, made by hand whatever its role."""
    now, prefix = timezone.now(), f"hyg_{name[:4]}{place[:3]}"
    with speaking(SYSTEM):
        ApiToken.objects.create(
            user=world.users[name], name="essai", prefix=prefix, secret_hash=prefix.ljust(64, "0"),
            permissions=sorted(permissions), node=world.nodes[place], issued_by="essai",
            issued_at=now, expires_at=now + DAY,
        )  # fmt: skip
    return Principal(world.users[name], prefix, frozenset(permissions), world.nodes[place].pk)


@pytest.mark.usefixtures("plain")
@pytest.mark.parametrize("name", ["rssi", "ght_rssi", "ars", "cert", "ministry"])
def test_a_token_narrows_its_account(world: World, name: str) -> None:
    role = next(role for known, role, _ in ROLES if known == name)
    for place in ("nation", "x1", "own", "neighbour"):
        assert same(token(world, name, place, *GRANTED[role])) == {}, place


@pytest.mark.usefixtures("plain")
def test_a_token_that_is_narrow_revoked_or_past_opens_no_more(world: World) -> None:
    caller = token(world, "cert", "own", Permission.FINDING_READ)
    assert same(caller) == {}
    with speaking(scope_of(caller)):
        assert count("findings_finding")
        assert not count("estate_asset")
    now = timezone.now()
    past = {"revoked_at": None, "issued_at": now - 2 * DAY, "expires_at": now - DAY}
    for change in ({"revoked_at": now}, past):
        with speaking(SYSTEM):
            ApiToken.objects.filter(prefix=caller.prefix).update(**change)
        with speaking(scope_of(caller)):
            assert not count("findings_finding")


@pytest.mark.usefixtures("plain")
def test_a_person_changes_the_rows_of_their_places_only(world: World) -> None:
    own, other = world.findings["own.flaw"], world.findings["neighbour.flaw"]
    with speaking(scope_of(world.users["rssi"])):
        assert Finding.objects.filter(pk__in=[own.pk, other.pk]).update(taken_by="moi") == 1
        assert Finding.objects.filter(pk=other.pk).delete()[0] == 0
        with pytest.raises(ProgrammingError, match=REFUSED), transaction.atomic():
            Finding.objects.filter(pk=own.pk).update(node=world.nodes["neighbour"])
        with pytest.raises(ProgrammingError, match=REFUSED), transaction.atomic():
            Event.objects.create(finding=other, at=timezone.now(), kind=EventKind.TAKEN, actor="x")
    with speaking(SYSTEM):
        other.refresh_from_db()
    assert other.taken_by == ""


@pytest.mark.usefixtures("plain")
def test_who_only_reads_writes_nothing(world: World) -> None:
    for name in ("ars", "cert", "anssi", "ministry", "admin", "trainer"):
        with speaking(scope_of(world.users[name])):
            assert Finding.objects.update(taken_by="moi") == 0
            assert Mandate.objects.update(signatory="moi") == 0
            with pytest.raises(ProgrammingError, match=REFUSED), transaction.atomic():
                add_asset(world, "own")


@pytest.mark.usefixtures("plain")
def test_an_rssi_adds_to_their_own_estate(world: World) -> None:
    with speaking(scope_of(world.users["rssi"])):
        assert add_asset(world, "own").pk
        with pytest.raises(ProgrammingError, match=REFUSED), transaction.atomic():
            add_asset(world, "neighbour")


def add_asset(world: World, place: str) -> Asset:
    return Asset.objects.create(
        node=world.nodes[place], kind="system", name="ajouté", added_at=timezone.now()
    )


@pytest.mark.usefixtures("plain")
def test_what_only_rounds_write_no_person_changes(world: World) -> None:
    with speaking(scope_of(world.users["rssi"])), connection.cursor() as cursor:
        for table in ("surveillance_sighting", "observatory_measure", "rounds_slot"):
            cursor.execute(f"DELETE FROM {table}")  # noqa: S608 - our own table
            assert cursor.rowcount == 0


@pytest.mark.usefixtures("plain")
def test_an_injected_query_reads_no_more_than_its_reader_may(world: World) -> None:
    reader = world.users["rssi"]
    for table, model in models_guarded().items():
        expected = by_the_application(model, reader)
        with speaking(scope_of(reader)), connection.cursor() as cursor:
            cursor.execute(f"SELECT * FROM {table} WHERE 'x' = '' OR '' = ''")  # noqa: S608 - the injection
            assert len(cursor.fetchall()) == len(expected), table


FORGED = (
    "system",
    "system||{pid}|",
    "system||{pid}|" + "0" * 64,
    "person|{cert}|{pid}|" + "0" * 64,
    "{told}|system||{pid}|" + "0" * 64,
)


@pytest.mark.usefixtures("plain")
@pytest.mark.parametrize("forged", FORGED)
def test_an_injected_setting_opens_nothing(world: World, forged: str) -> None:
    own = world.nodes["own"].pk
    with speaking(scope_of(world.users["rssi"])), connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('hygie.scope')")
        [told] = cursor.fetchone()
        text = forged.format(
            pid=connection.connection.info.backend_pid, cert=world.users["cert"].pk, told=told
        )
        cursor.execute(
            "SELECT node_id FROM (SELECT set_config('hygie.scope', %s, true) OFFSET 0) forged,"
            " findings_finding",
            [text],
        )
        assert {node for [node] in cursor.fetchall()} <= {own}
        cursor.execute("SELECT node_id FROM findings_finding")
        assert cursor.fetchall() == []


@pytest.mark.usefixtures("plain")
def test_an_injected_write_gives_nobody_a_right(world: World) -> None:
    """A role, a delegation, a token, or the tree itself: each would have widened the scope."""
    rssi, own, other = world.users["rssi"], world.nodes["own"].pk, world.nodes["neighbour"].pk
    with speaking(scope_of(rssi)), connection.cursor() as cursor:
        for changed in (
            f"people_grant SET node_id = {world.nodes['nation'].pk}",
            f"people_apitoken SET user_id = {rssi.pk}",
            "people_delegation SET accepted_at = now()",
            "people_invitation SET email = 'moi@exemple.example'",
            f"territory_closure SET ancestor_id = {own}",
            f"territory_edge SET parent_id = {own}",
        ):
            cursor.execute(f"UPDATE {changed}")
            assert cursor.rowcount == 0, changed
    path = "ancestor_id, descendant_id, depth, valid_from, valid_to"
    role = "user_id, role, node_id, valid_from, valid_to, granted_by"
    ever = "'2000-01-01', '9999-12-31'"
    for added in (
        f"territory_closure ({path}) VALUES ({own}, {other}, 1, {ever})",
        f"people_grant ({role}) VALUES ({rssi.pk}, 'rssi', {other}, {ever}, '')",
    ):
        refused = pytest.raises(ProgrammingError, match=REFUSED)
        with speaking(scope_of(rssi)), refused, transaction.atomic():
            connection.cursor().execute(f"INSERT INTO {added}")
    assert same(rssi) == {}


@pytest.mark.usefixtures("plain")
def test_a_seal_of_another_connection_opens_nothing(world: World) -> None:
    other = sealed(SYSTEM, pid=1, secret=settings.SECRET_KEY)
    with speaking(scope_of(world.users["rssi"])), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('hygie.scope', %s, true)", [other])
        cursor.execute("SELECT node_id FROM findings_finding")
        assert cursor.fetchall() == []


@pytest.mark.usefixtures("plain")
@pytest.mark.parametrize(
    "statement",
    [
        "SELECT * FROM hygie_scope.seal_key",
        "SELECT hygie_scope.held(1, ARRAY['finding.read'], true)",
        "ALTER TABLE findings_finding DISABLE ROW LEVEL SECURITY",
        "DROP POLICY hygie_select ON findings_finding",
        "TRUNCATE findings_event",
        "CREATE FUNCTION hygie_scope.system(text) RETURNS text LANGUAGE sql AS 'SELECT $1'",
    ],
)
def test_the_role_of_the_site_cannot_lift_the_policies(world: World, statement: str) -> None:
    refused = pytest.raises(ProgrammingError, match=r"permission denied|must be owner")
    with speaking(scope_of(world.users["rssi"])), refused, transaction.atomic():
        connection.cursor().execute(statement)
