"""An invented nation with a million findings, written in bulk, and a session for each role.

Run in a home of its own, whose tables were just made: primary keys follow one another.
Prints ``role cookie`` lines for the bench.
"""

from __future__ import annotations

import datetime as dt
import sys
from typing import Final

import django

django.setup()

from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY  # noqa: E402
from django.contrib.sessions.backends.db import SessionStore  # noqa: E402
from django.db import connection, transaction  # noqa: E402
from django.utils import timezone  # noqa: E402

from hygie.domain.observatory.measures import NAMES  # noqa: E402
from hygie.domain.people.models import Grant, User  # noqa: E402
from hygie.domain.rounds.models import Round, RoundState, Step  # noqa: E402
from hygie.domain.territory.closure import rebuild_closure  # noqa: E402
from hygie.domain.territory.models import Edge, EdgeRole, Node  # noqa: E402
from hygie.vocabulary.enums import NodeKind, Role  # noqa: E402
from hygie.web.accounts.second_factor import FLAG  # noqa: E402

REGIONS, GROUPS, ENTITIES, PLACES = 18, 135, 1_900, 12_000
SITES: Final = PLACES - 1 - REGIONS - GROUPS - ENTITIES

_COUNT: Final = """WITH RECURSIVE n(i) AS (
    SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < %(last)s)"""

_FINDINGS: Final = (
    _COUNT
    + """
INSERT INTO findings_finding (node_id, identity, origin, rule_id, cve_id, subject, place, probe,
    title, severity, facts, confidence, state, decision, due_at, branch, reasons, would_change,
    policy_version, rank, first_seen_at, last_seen_at, last_reached_at, closed_at, times_returned,
    taken_by, planned_on, accepted_until, accepted_reason, accepted_by)
SELECT %(site)s + CASE WHEN i %% 10 = 0 THEN (i / 10) %% 20 ELSE i %% %(sites)s END,
    'bench-' || i, 'exposure', 'tls.old-version', '', 'www' || i || '.example:443', '', 'tls',
    'Versions anciennes de TLS', CASE i %% 5 WHEN 0 THEN 'critical' ELSE 'major' END,
    '{}', 1.0, CASE WHEN i %% 20 < 9 THEN 'open' WHEN i %% 20 = 9 THEN 'taken' ELSE 'verified' END,
    CASE WHEN i %% 50 = 7 THEN 'act' WHEN i %% 7 = 0 THEN 'attend' ELSE 'track' END,
    CASE WHEN i %% 3 = 0 THEN %(past)s ELSE %(soon)s END, '[]', '[]', '[]', '1',
    (i %% 1009) * 1000 + i %% 997, %(old)s, %(now)s, %(now)s,
    CASE WHEN i %% 20 >= 10 THEN %(now)s END, 0, '', NULL, NULL, '', ''
FROM n"""
)
_EVENTS: Final = """
INSERT INTO findings_event (finding_id, at, kind, actor, detail)
SELECT id, CASE WHEN id %% 50 = 0 THEN %(now)s ELSE %(old)s END, 'seen', 'système', '{}'
FROM findings_finding"""
_VERIFIED: Final = """
INSERT INTO findings_event (finding_id, at, kind, actor, detail)
SELECT id, CASE WHEN id %% 40 = 0 THEN %(now)s ELSE %(old)s END, 'verified', 'système', '{}'
FROM findings_finding WHERE state = 'verified'"""
_MEASURES: Final = """
INSERT INTO observatory_measure (node_id, name, at, round_id, value, current)
SELECT id, %(name)s, %(now)s, %(turn)s, id %% 50, %(current)s FROM territory_node"""
_GRADES: Final = """
INSERT INTO surveillance_gradegiven
    (node_id, at, round_id, letter, themes, points, not_observed, policy, policy_version)
SELECT id, %(now)s, %(turn)s, CASE id %% 3 WHEN 0 THEN 'B' WHEN 1 THEN 'C' ELSE 'E' END,
    '{}', '[]', '[]', 'essai', '1' FROM territory_node WHERE kind = 'et'"""
_ATTEMPTS: Final = """
INSERT INTO surveillance_attempt (node_id, subject, probe, at, reached, reason, detail)
SELECT id, %(subject)s, 'target', %(now)s, %(current)s, '', '' FROM territory_node
WHERE kind = 'et'"""
_ITEMS: Final = """
INSERT INTO rounds_item (round_id, node_id, step, position, state, claims, attempts, note, counts,
    finished_at)
SELECT %(turn)s, id, %(name)s, id, 'done', 1, 1, '', '{}', %(now)s
FROM territory_node WHERE kind = 'et'"""

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
        "last": findings - 1,
        "sites": SITES,
        "site": places["site"].pk,
        "now": now,
        "old": now - dt.timedelta(days=60),
        "past": now - dt.timedelta(days=3),
        "soon": now + dt.timedelta(days=30),
    }
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_filled(_FINDINGS, values), _used(_FINDINGS, values))
        for text in (_EVENTS, _VERIFIED):
            cursor.execute(text, _used(text, values))
        for turn in turns:
            _surroundings(cursor, turn, values, current=turn is turns[-1])
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


def _surroundings(cursor: object, turn: Round, values: dict[str, object], *, current: bool) -> None:
    told = {**values, "turn": turn.pk, "current": current, "now": turn.finished_at}
    runs = [(_MEASURES, name) for name in NAMES] + [(_ITEMS, step) for step in Step]
    for text, name in [*runs, (_GRADES, "")]:
        cursor.execute(text, _used(text, {**told, "name": str(name)}))  # type: ignore[attr-defined]
    told["subject"] = f"www{turn.pk}.example"
    cursor.execute(_ATTEMPTS, _used(_ATTEMPTS, told))  # type: ignore[attr-defined]


def _filled(text: str, values: dict[str, object]) -> str:
    """Write the numbers into the text: PostgreSQL would take a parameter for a text."""
    for name in ("last", "sites", "site"):
        text = text.replace(f"%({name})s", str(values[name]))
    return text


def _used(text: str, values: dict[str, object]) -> dict[str, object]:
    return {name: value for name, value in values.items() if f"%({name})s" in text}


def _settle() -> None:
    """Do what a database does by itself after such a load."""
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")


if __name__ == "__main__":
    sign_in(lay(int(sys.argv[1])))
