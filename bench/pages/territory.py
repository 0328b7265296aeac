"""An invented nation with a million findings, written in bulk, and a session for each role.

Run in a home of its own, whose tables were just made: primary keys follow one another.
Prints ``role cookie`` lines for the bench.
"""

from __future__ import annotations

import datetime as dt
import sys
from typing import TYPE_CHECKING, Final

import django

django.setup()

from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY  # noqa: E402
from django.contrib.sessions.backends.db import SessionStore  # noqa: E402
from django.db import connection, transaction  # noqa: E402
from django.utils import timezone  # noqa: E402

from bench.pages.around import surround  # noqa: E402
from bench.pages.writing import insert_select  # noqa: E402
from hygie.domain.findings.models import Event, Finding  # noqa: E402
from hygie.domain.observatory.measures import NAMES  # noqa: E402
from hygie.domain.observatory.models import Measure, Standing  # noqa: E402
from hygie.domain.people.models import Grant, User  # noqa: E402
from hygie.domain.rounds.models import Item, Round, RoundState, Step  # noqa: E402
from hygie.domain.surveillance.models import Attempt, GradeGiven  # noqa: E402
from hygie.domain.territory.closure import rebuild_closure  # noqa: E402
from hygie.domain.territory.models import Edge, EdgeRole, Node  # noqa: E402
from hygie.vocabulary.enums import NodeKind, Role  # noqa: E402
from hygie.web.accounts.second_factor import FLAG  # noqa: E402

if TYPE_CHECKING:
    from django.db.models import Model

REGIONS, GROUPS, ENTITIES, PLACES = 18, 135, 1_900, 12_000
SITES: Final = PLACES - 1 - REGIONS - GROUPS - ENTITIES

_COUNT: Final = """WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < {last})
FROM n"""

_FINDING: Final = {
    "node_id": "{site} + CASE WHEN i % 10 = 0 THEN (i / 10) % 20 ELSE i % {sites} END",
    "identity": "'bench-' || i",
    "origin": "'exposure'",
    "rule_id": "'tls.old-version'",
    "subject": "'www' || i || '.example:443'",
    "probe": "'tls'",
    "title": "'Versions anciennes de TLS'",
    "severity": "CASE i % 5 WHEN 0 THEN 'critical' ELSE 'major' END",
    "state": "CASE WHEN i % 20 < 9 THEN 'open' WHEN i % 20 = 9 THEN 'taken' ELSE 'verified' END",
    "decision": "CASE WHEN i % 50 = 7 THEN 'act' WHEN i % 7 = 0 THEN 'attend' ELSE 'track' END",
    "due_at": "CASE WHEN i % 3 = 0 THEN {past} ELSE {soon} END",
    "policy_version": "'1'",
    "rank": "(i % 1009) * 1000 + i % 997",
    "first_seen_at": "{old}",
    "last_seen_at": "{now}",
    "last_reached_at": "{now}",
    "closed_at": "CASE WHEN i % 20 >= 10 THEN {now} END",
}
_TOLD: Final = {"finding_id": "id", "node_id": "node_id", "actor": "'système'"}
_SEEN: Final = {
    **_TOLD,
    "at": "CASE WHEN id % 50 = 0 THEN {now} ELSE {old} END",
    "kind": "'seen'",
}
_VERIFIED: Final = {
    **_TOLD,
    "at": "CASE WHEN id % 40 = 0 THEN {now} ELSE {old} END",
    "kind": "'verified'",
}
_MEASURE: Final = {
    "node_id": "id",
    "name": "{name}",
    "at": "{now}",
    "round_id": "{turn}",
    "value": "id % 50",
    "current": "{current}",
}
_STANDING: Final = {"node_id": "id", "overdue": "id % 50", "act": "id % 50", "attend": "id % 50"}
_GRADE: Final = {
    "node_id": "id",
    "at": "{now}",
    "round_id": "{turn}",
    "letter": "CASE id % 3 WHEN 0 THEN 'B' WHEN 1 THEN 'C' ELSE 'E' END",
    "policy": "'essai'",
    "policy_version": "'1'",
}
_ATTEMPT: Final = {
    "node_id": "id",
    "subject": "{subject}",
    "probe": "'target'",
    "at": "{now}",
    "reached": "{current}",
}
_ITEM: Final = {
    "round_id": "{turn}",
    "node_id": "id",
    "step": "{name}",
    "position": "id",
    "state": "'done'",
    "claims": "1",
    "attempts": "1",
    "finished_at": "{now}",
}
_ALL: Final = "FROM territory_node"
_SITES: Final = "FROM territory_node WHERE kind = 'et'"

_HELD: Final = (
    ("rssi", Role.RSSI, "site"),
    ("ght", Role.RSSI, "group"),
    ("director", Role.DIRECTOR, "entity"),
    ("ars", Role.ARS_OFFICER, "region"),
    ("cert", Role.CERT_ANALYST, "nation"),
    ("anssi", Role.ANSSI_AUDITOR, "nation"),
    ("ministry", Role.MINISTRY, "nation"),
    ("trainer", Role.TRAINER, "group"),
    ("admin", Role.ADMIN, "nation"),
)


def lay(findings: int) -> dict[str, Node]:
    """Write the nation; returns one place of each level."""
    now = timezone.now()
    with transaction.atomic():
        places = _places()
    turns = [_round(places["nation"], now - dt.timedelta(days=days)) for days in (30, 0)]
    values = {
        "sites": SITES,
        "site": places["site"].pk,
        "now": now,
        "old": now - dt.timedelta(days=60),
        "past": now - dt.timedelta(days=3),
        "soon": now + dt.timedelta(days=30),
    }
    with transaction.atomic():
        _write(Finding, _FINDING, _COUNT.format(last=findings - 1), values)
        _write(Event, _SEEN, "FROM findings_finding", values)
        _write(Event, _VERIFIED, "FROM findings_finding WHERE state = 'verified'", values)
        for turn in turns:
            _surroundings(turn, values, current=turn is turns[-1])
        _write(Standing, _STANDING, _SITES, values)
    with transaction.atomic():
        surround(places, now=now)
    _settle()
    return places


def sign_in(places: dict[str, Node]) -> None:
    """Print a role and the cookie of its session, one a line, then the places by level."""
    for name, role, level in _HELD:
        user = User(email=f"{name}@exemple.example", name=f"Personne {name}")
        user.set_unusable_password()
        user.save()
        Grant.objects.create(
            user=user, role=role, node=places[level], valid_from=dt.date(2020, 1, 1)
        )
        session = SessionStore()
        session[SESSION_KEY] = str(user.pk)
        session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
        session[HASH_SESSION_KEY] = user.get_session_auth_hash()
        session[FLAG] = True
        session.create()
        print(name, session.session_key, places[level].pk)


def _places() -> dict[str, Node]:
    levels = {
        "nation": [Node(kind=NodeKind.NATION, code="N", name="Nation inventée")],
        "region": [
            Node(kind=NodeKind.ARS, code=f"R{n}", name=f"ARS {n}", region_code=f"R{n}")
            for n in range(REGIONS)
        ],
        "group": [Node(kind=NodeKind.GHT, code=f"G{n}", name=f"GHT {n}") for n in range(GROUPS)],
        "entity": [
            Node(kind=NodeKind.EJ, code=f"98{n:07}", name=f"Entité {n}") for n in range(ENTITIES)
        ],
        "site": [Node(kind=NodeKind.ET, code=f"99{n:07}", name=f"Site {n}") for n in range(SITES)],
    }
    above: list[Node] = []
    for nodes in levels.values():
        made = Node.objects.bulk_create(nodes, batch_size=500)
        Edge.objects.bulk_create(
            [
                Edge(parent=above[rank % len(above)], child=node, role=EdgeRole.STRUCTURE)
                for rank, node in enumerate(made)
                if above
            ],
            batch_size=500,
        )
        above = made
    rebuild_closure()
    return {level: nodes[0] for level, nodes in levels.items()}


def _round(nation: Node, at: dt.datetime) -> Round:
    return Round.objects.create(
        node=nation,
        steps=list(Step),
        state=RoundState.DONE,
        started_at=at - dt.timedelta(hours=1),
        started_by="banc",
        finished_at=at,
    )


def _surroundings(turn: Round, values: dict[str, object], *, current: bool) -> None:
    told = {**values, "turn": turn.pk, "current": current, "now": turn.finished_at}
    for name in NAMES:
        _write(Measure, _MEASURE, _ALL, {**told, "name": name})
    for step in Step:
        _write(Item, _ITEM, _SITES, {**told, "name": str(step)})
    _write(GradeGiven, _GRADE, _SITES, told)
    _write(Attempt, _ATTEMPT, _SITES, {**told, "subject": f"www{turn.pk}.example"})


def _write(
    model: type[Model], columns: dict[str, str], source: str, values: dict[str, object]
) -> None:
    """Write rows; numbers go into the text, PostgreSQL would take a parameter for a text."""
    numbers = {name: value for name, value in values.items() if type(value) is int}
    named = {name: numbers.get(name, f"%({name})s") for name in values}
    told = {column: text.replace("%", "%%").format(**named) for column, text in columns.items()}
    insert_select(model, told, source, values)


def _settle() -> None:
    """Do what a database does by itself after such a load."""
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")


if __name__ == "__main__":
    sign_in(lay(int(sys.argv[1])))
