"""The whole site as a role that policies bind: the same pages, the same answers, the same round."""

from __future__ import annotations

import json
import uuid
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import psycopg
import pytest
from tests.jobs.databases import PREPARE, Place, postgresql, server

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

STEPS = ("match", "reconcile", "decide", "notify", "measure")

TABLES = (
    "findings_finding", "findings_event", "observatory_measure", "rounds_item", "rounds_round",
    "people_notice", "veille_match", "journal_entry",
)  # fmt: skip

PAGES = """
import hashlib, json, re, sys
import hygie.config.wsgi  # as gunicorn does: the process speaks for nobody
from django.conf import settings
settings.MIDDLEWARE = [
    name for name in settings.MIDDLEWARE if "whitenoise" not in name and "second_factor" not in name
]
settings.ALLOWED_HOSTS = ["*"]
from django.test import Client
from hygie.domain.people.models import ApiToken, Grant, User
from hygie.domain.people.rowsecurity.scope import SYSTEM, process_speaks, speaking
from hygie.domain.territory.models import Node

def said(response):
    text = b"".join(response) if response.streaming else response.content
    # A cursor is signed with the time of its making.
    own = rb'nonce="[^"]*"|name="csrfmiddlewaretoken" value="[^"]*"|"next": ?"[^"]*"'
    text = re.sub(own, b"", text)
    words = re.sub(rb"<[^>]*>|[0-9]{2}:[0-9]{2}", b" ", text).split()
    return [response.status_code, hashlib.sha256(b" ".join(words)).hexdigest()]

found = {}
for user in User.objects.filter(is_demo=True).order_by("email"):
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    places = Grant.objects.filter(user=user).values_list("node_id", flat=True)
    paths = ["/", "/constats/", "/constats/?page=2", "/lieux/", "/rondes/", "/journal/"]
    paths += ["/personnes/", "/avis/", "/mentions-legales/"]
    paths += [f"/lieux/{node}/" for node in places]
    sites = Node.objects.filter(kind="et").values_list("pk", flat=True)[:4]
    paths += [f"/lieux/{node}/" for node in sites]
    paths += ["/api/v1/findings", "/api/v1/establishments", "/api/v1/me", "/api/v1/rounds"]
    for path in paths:
        found[f"{user.email} {path}"] = said(client.get(path))
print(json.dumps(found))
"""

MANNERS = """
import json
import hygie.config.wsgi
from django.db import connection, transaction
from hygie.domain.findings.models import Finding
from hygie.domain.people.models import User
from hygie.domain.people.rowsecurity.scope import SYSTEM, scope_of, speaking

def outside():
    "What is left on the connection itself, past all that Django does."
    row = connection.connection.execute(
        "SELECT coalesce(current_setting('hygie.scope', true), ''),"
        " (SELECT count(*) FROM findings_finding)").fetchone()
    return list(row)

person = User.objects.get(email="rssi@ch-val-hygie.example")
out = {"nobody": Finding.objects.count()}
connection.ensure_connection()
pid = connection.connection.info.backend_pid
with speaking(scope_of(person)):
    out["statement"] = Finding.objects.count()
    out["after statement"] = outside()
    with transaction.atomic():
        out["transaction"] = Finding.objects.count()
        out["inside"] = outside()[1]
    out["after transaction"] = outside()
    try:
        with transaction.atomic():
            Finding.objects.count()
            raise KeyError
    except KeyError:
        pass
    out["after exception"] = outside()
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT nothing_of_the_kind()")
    except Exception:
        pass
    out["after error"] = outside()
    out["iterated"] = len([row for row in Finding.objects.iterator(chunk_size=2)])
with speaking(SYSTEM):
    out["system"] = Finding.objects.count()
out["next on the same connection"] = Finding.objects.count()
out["same"] = connection.connection.info.backend_pid == pid
print(json.dumps(out))
"""


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """The demonstration's territory after one round that asks nothing of the network."""
    server()
    with postgresql(tmp_path_factory.mktemp("home")) as place:
        place.python(PREPARE, timeout=500)
        steps = [word for step in STEPS for word in ("--step", step)]
        done = place.hygie("round", "--inline", "--format", "json", *steps, timeout=300)
        assert done.returncode == 0, done.stderr
        yield place


@pytest.fixture(scope="module")
def plain(base: Place) -> Iterator[Place]:
    """The same database, reached as a role made by ``hygie database role``."""
    name = f"hygie_test_{uuid.uuid4().hex[:12]}"
    done = base.hygie("database", "role", name)
    assert done.returncode == 0, done.stderr
    try:
        yield as_role(base, name)
    finally:
        with psycopg.connect(base.url, autocommit=True) as database:
            database.execute(f"DROP OWNED BY {name}")  # type: ignore[arg-type]
            database.execute(f"DROP ROLE {name}")  # type: ignore[arg-type]


def as_role(place: Place, name: str) -> Place:
    return replace(place, url=place.url.replace("//root@", f"//{name}@"))


def counts(place: Place) -> dict[str, Any]:
    queries = {table: f"SELECT count(*) FROM {table}" for table in TABLES}  # noqa: S608 - ours
    return {table: place.rows(query)[0][0] for table, query in queries.items()}


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_pages_and_api_answer_each_reader_as_they_do_for_the_owner(
    base: Place, plain: Place
) -> None:
    expected = json.loads(base.python(PAGES, timeout=300).splitlines()[-1])
    given = json.loads(plain.python(PAGES, timeout=300).splitlines()[-1])

    assert len(expected) > 100
    assert {key for key in expected if expected[key] != given[key]} == set()
    assert sum(status == 200 for status, _ in given.values()) > 80


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_the_scope_lasts_as_long_as_its_transaction(base: Place, plain: Place) -> None:
    [[everything]] = base.rows("SELECT count(*) FROM findings_finding")
    found = json.loads(plain.python(MANNERS).splitlines()[-1])

    assert found["nobody"] == found["next on the same connection"] == 0
    assert found["system"] == everything
    shown = found["statement"]
    assert 0 < shown < everything
    assert found["transaction"] == found["inside"] == found["iterated"] == shown
    for moment in ("statement", "transaction", "exception", "error"):
        assert found[f"after {moment}"] == ["", 0], moment
    assert found["same"]


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_a_worker_does_the_same_round(base: Place, plain: Place, tmp_path: Path) -> None:
    name = plain.url.partition("//")[2].partition("@")[0]
    steps = [word for step in STEPS for word in ("--step", step)]
    told = {}
    for role in ("root", name):
        home = tmp_path / role
        home.mkdir()
        with postgresql(home, template=base.url) as copy:
            place = as_role(copy, role)
            begun = place.hygie("round", "--no-wait", *steps, timeout=300)
            assert begun.returncode == 0, begun.stderr
            worked = place.hygie("worker", "--until-idle", "--no-schedules", timeout=300)
            assert worked.returncode == 0, worked.stderr
            told[role] = counts(copy)
            assert copy.rows("SELECT DISTINCT state FROM rounds_round") == [("done",)]
            examined = json.loads(place.hygie("doctor", "--format", "json").stdout)
            by_name = {one["name"]: one["status"] for one in examined["checks"]}
            assert by_name["rowsecurity.policies"] == "good"
            assert by_name["rowsecurity.role"] == ("warning" if role == "root" else "good")

    assert told[name] == told["root"]
    assert told[name]["rounds_round"] == 2
