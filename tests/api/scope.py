"""Every operation of the document, with every role, on own, neighbouring and higher objects.

``walk`` returns rows; the test compares them with what the tables of rights say, and a published
matrix can be made from the same rows.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Final, NamedTuple

from django.db import transaction
from django.utils import timezone
from tests.api.conftest import ROLE_OF, new_key
from tests.web.world import _TREE, PLACES, World

from hygie.api.service import api
from hygie.domain.estate.mandates import Line
from hygie.domain.estate.models import PerimeterKind
from hygie.domain.estate.permits import Terms, sign_mandate
from hygie.domain.findings.models import Finding
from hygie.domain.people.roles import GRANTED, Permission
from hygie.domain.territory.models import Review
from hygie.domain.veille.models import Advisory

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.http import HttpResponse
    from django.test import Client

ABOVE: Final = {name: parent for name, _kind, _code, _label, parent in _TREE}
RELATIONS: Final = ("own", "neighbour", "parent")


class Row(NamedTuple):
    """One call: who asked what about which object, and the status of the answer."""

    operation: str
    role: str
    relation: str
    status: int


@dataclass(frozen=True)
class Recipe:
    """What an operation is about, and the permissions of which one opens it.

    ``about`` is the kind of object in its address, empty for a list; ``body`` what it sends.
    """

    about: str
    needs: frozenset[Permission]
    body: object = None
    query: str = ""
    only_sites: bool = False


def _r(about: str, *needs: Permission, **more: object) -> Recipe:
    return Recipe(about, frozenset(needs), **more)  # type: ignore[arg-type]


P = Permission
_SBOM: Final = {
    "bomFormat": "CycloneDX",
    "specVersion": "1.5",
    "metadata": {"component": {"type": "application", "name": "Essai", "version": "1"}},
    "components": [],
}
_INVENTORY: Final = b"nom;criticite\nDossier patient;vital\n"
_PLAN: Final = {"on": (dt.date.today() + dt.timedelta(days=30)).isoformat()}  # noqa: DTZ011 - any day to come
_NOT_AFFECTED: Final = {
    "justification": "component_not_present",
    "impact": "Le module n’est pas installé ici.",
    "until": _PLAN["on"],
}
_ACCEPT: Final = {"until": _PLAN["on"], "reason": "Équipement remplacé le mois prochain."}

RECIPES: Final = {
    "read_me": _r(""),
    "list_nodes": _r("", P.TERRITORY_READ),
    "read_node": _r("node", P.TERRITORY_READ),
    "list_children": _r("node", P.TERRITORY_READ),
    "list_establishments": _r("", P.TERRITORY_READ),
    "read_establishment": _r("establishment", P.TERRITORY_READ, only_sites=True),
    "list_assets": _r("node", P.ESTATE_READ),
    "list_mandates": _r("node", P.ESTATE_READ),
    "read_mandate": _r("mandate", P.ESTATE_READ),
    "import_sbom_document": _r("node", P.ESTATE_WRITE, body=_SBOM, query="?dry_run=true"),
    "import_inventory_document": _r(
        "node", P.ESTATE_WRITE, body=_INVENTORY, query="?dry_run=true&name=a&kind=applications"
    ),
    "list_findings": _r("", P.FINDING_READ),
    "read_finding": _r("finding", P.FINDING_READ),
    "list_events": _r("finding", P.FINDING_READ),
    "take_finding": _r("finding", P.FINDING_PLAN, body={}),
    "plan_finding": _r("finding", P.FINDING_PLAN, body=_PLAN),
    "accept_finding": _r("finding", P.FINDING_ACCEPT, body=_ACCEPT),
    "declare_finding": _r("finding", P.FINDING_PLAN, body={}),
    "reopen_finding": _r("finding", P.FINDING_PLAN, body={}),
    "list_statements": _r("", P.FINDING_READ),
    "list_national_statements": _r(""),
    "declare_not_affected": _r("finding", P.FINDING_ACCEPT, body=_NOT_AFFECTED),
    "approve_statement": _r("statement", P.FINDING_ACCEPT, body={}),
    "revoke_statement": _r("statement", P.FINDING_ACCEPT, body={}),
    "list_advisories": _r(""),
    "read_advisory": _r("advisory"),
    "list_sightings": _r("node", P.SURVEILLANCE_READ),
    "list_grades": _r("node", P.SURVEILLANCE_READ),
    "list_measures": _r("node", P.MEASURE_READ),
    "list_readings": _r("node", P.MEASURE_READ),
    "list_rounds": _r("", P.ROUND_READ),
    "read_round": _r("round", P.ROUND_READ),
    "start_round": _r("body", P.ROUND_RUN, body="node"),
    "list_entries": _r("", P.JOURNAL_READ),
    "list_reviews": _r("", P.TERRITORY_IMPORT),
    "read_review": _r("review", P.TERRITORY_IMPORT),
    "list_changes": _r("review", P.TERRITORY_IMPORT),
}


@dataclass(frozen=True)
class Call:
    """An operation of the document: its name, method and address."""

    name: str
    method: str
    path: str


def document() -> dict[str, object]:
    return api.get_openapi_schema(path_prefix="/api/v1/")


@cache
def calls() -> tuple[Call, ...]:
    """Return every operation of the document."""
    paths: dict[str, dict[str, dict[str, str]]] = document()["paths"]  # type: ignore[assignment]
    return tuple(
        Call(operation["operationId"], method.upper(), path)
        for path, methods in paths.items()
        for method, operation in methods.items()
    )


def sees(role: str, place: str) -> bool:
    """Tell whether a place lies at or under the place of a role."""
    return ROLE_OF[role][1] in lineage(place)


def lineage(place: str) -> list[str]:
    """Return a place and what is above it."""
    found = [place]
    while above := ABOVE[found[-1]]:
        found.append(above)
    return found


def place_of(role: str, relation: str) -> str | None:
    """Return a place that stands so to a role, None when there is none: the nation has no peer."""
    if relation == "parent":
        return ABOVE[ROLE_OF[role][1]]
    wanted = relation == "own"
    return next((place for place in PLACES if sees(role, place) == wanted), None)


def extend(world: World) -> None:
    """Give places above the establishments something of their own."""
    now, today = timezone.now(), timezone.localdate()
    for name in ("ej-a", "ght-a", "ght-b", "x1", "nation"):
        node = world.nodes[name]
        world.findings[f"{name}.flaw"] = Finding.objects.create(
            node=node,
            identity=hashlib.sha256(name.encode()).hexdigest(),
            origin="exposure",
            subject=f"www.{name}.example:443",
            title="Faiblesse inventée",
            severity="major",
            first_seen_at=now,
            last_seen_at=now,
            last_reached_at=now,
        )
        ends = today.replace(year=today.year + 1, day=1)
        terms = Terms("Sacha Invention", "a@exemple.example", today, today, ends)
        lines = [Line(PerimeterKind.DOMAIN, f"{name}.example")]
        world.mandates[name] = sign_mandate(node, terms, lines, actor="essai", now=now)
    Advisory.objects.create(
        kind="kev", reference="KEV CVE-2099-0001", title="CVE-2099-0001", sha256="0" * 64,
        cve_ids=["CVE-2099-0001"], came_at=now, changed_at=now,
    )  # fmt: skip
    Review.objects.create(
        kind="finess", file_name="f.csv", sha256="0" * 64, as_of=today, created_at=now,
        created_by="essai",
    )  # fmt: skip


def walk(world: World, role: str, client: Client) -> list[Row]:
    """Return a row for each operation and relation; what a call writes is undone.

    Args:
        world: with what ``extend`` adds.
        role: an account of the world.
        client: that calls with its credentials.
    """
    return [Row(call.name, role, relation, answer.status_code)
            for call, relation, answer in answers(world, role, client)]  # fmt: skip


def answers(world: World, role: str, client: Client) -> Iterator[tuple[Call, str, HttpResponse]]:
    for call in calls():
        if not RECIPES[call.name].about:
            yield call, "list", ask(client, call, world, "")
            continue
        for relation in RELATIONS:
            place = place_of(role, relation)
            if place is not None and has_object(world, call, place):
                yield call, relation, ask(client, call, world, place)


def has_object(world: World, call: Call, place: str) -> bool:
    """Tell whether the place has an object of the kind that the operation is about."""
    return arguments(world, RECIPES[call.name].about, place) is not None


def expected(call: Call, role: str, relation: str) -> bool:
    """Tell whether the tables of rights open this call."""
    recipe, (held, _) = RECIPES[call.name], ROLE_OF[role]
    right = not recipe.needs or bool(recipe.needs & GRANTED[held])
    if relation == "list" or recipe.about in {"review", "advisory"}:
        return right
    place = place_of(role, relation)
    if recipe.about == "round" and relation == "parent":
        return right  # the nation's round touched everybody's place: each sees their own part
    return right and place is not None and sees(role, place)


def arguments(world: World, about: str, place: str) -> dict[str, object] | None:
    """Return what the address needs, None when the place has no such object."""
    node = world.nodes[place]
    found = {
        "node": node.pk,
        "body": node.pk,
        "establishment": node.code if place in PLACES else None,
        "finding": getattr(world.findings.get(f"{place}.flaw"), "pk", None),
        "mandate": getattr(world.mandates.get(place), "pk", None),
        "statement": getattr(world.statements.get(place), "pk", None),
        "round": world.rounds[place if place in PLACES else "national"].pk,
        "advisory": Advisory.objects.values_list("pk", flat=True).first(),
        "review": Review.objects.values_list("pk", flat=True).first(),
    }[about]
    name = {"establishment": "finess"}.get(about, f"{about}_id")
    return None if found is None else {name: found, "name": "findings.act"}


def ask(client: Client, call: Call, world: World, place: str) -> HttpResponse:
    recipe = RECIPES[call.name]
    filled = arguments(world, recipe.about, place) if recipe.about else {}
    url = call.path.format_map(filled or {}) + recipe.query
    if call.method == "GET":
        return client.get(url)
    body = {"node_id": world.nodes[place].pk} if recipe.body == "node" else recipe.body
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    media = "text/csv" if isinstance(body, bytes) else "application/json"
    with transaction.atomic():
        answer = client.post(url, raw, content_type=media, headers=new_key())
        transaction.set_rollback(True)
    return answer
