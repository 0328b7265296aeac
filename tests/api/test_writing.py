"""What each writing operation does, once."""

from __future__ import annotations

import datetime as dt
import io
import json
from typing import TYPE_CHECKING

import pytest
from django.test import Client, RequestFactory
from django.utils import timezone
from openpyxl import Workbook
from tests.api.conftest import new_key

from hygie.api import bodies, imports, moves, rounds
from hygie.api.problems import ProblemError
from hygie.api.receiving import receive_inventory, receive_sbom
from hygie.domain.estate.actions import save_mapping
from hygie.domain.estate.models import Asset, Source
from hygie.domain.journal.models import Entry
from hygie.domain.journal.queries import verify
from hygie.domain.rounds.models import Round

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpResponse
    from pytest_django import DjangoCaptureOnCommitCallbacks
    from pytest_django.fixtures import SettingsWrapper
    from tests.web.world import World

ROUTERS = (imports.router, moves.router, rounds.router)
TABLE = "Nom;Éditeur;Version\nDossier patient;Inventée;2.1\nPharmacie;Inventée;1.0\n".encode()
SBOM = {
    "bomFormat": "CycloneDX",
    "specVersion": "1.5",
    "metadata": {"component": {"type": "application", "name": "Labo", "version": "3"}},
    "components": [{"type": "library", "name": "x", "version": "2", "purl": "pkg:pypi/x@2"}],
}
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def post(
    client: Client, path: str, body: object = None, media: str = "application/json"
) -> HttpResponse:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode() if body else b""
    return client.post(f"/api/v1/{path}", raw, content_type=media, headers=new_key())


def test_a_weakness_goes_through_its_life(world: World, caller: Callable[[str], Client]) -> None:
    client, base = caller("rssi"), f"findings/{world.findings['own.flaw'].pk}"
    day = (timezone.localdate() + dt.timedelta(days=20)).isoformat()
    why = {"until": day, "reason": "Équipement remplacé le mois prochain."}

    states = [
        post(client, f"{base}/{move}", body).json()["state"]
        for move, body in (
            ("take", None),
            ("plan", {"on": day}),
            ("reopen", None),
            ("accept", why),
            ("reopen", None),
            ("declare", None),
        )
    ]

    assert states == ["taken", "planned", "open", "accepted", "open", "declared"]
    assert verify().whole


@pytest.mark.parametrize(
    ("move", "body", "kind"),
    [
        ("plan", {"on": "2020-01-01"}, "refused"),
        ("accept", {"until": "2020-01-01", "reason": "a" * 20}, "refused"),
        ("accept", {"until": "2020-01-01", "reason": "court"}, "invalid"),
        ("accept", {"until": "2020-01-01", "reason": "a" * 501}, "invalid"),
        ("accept", {"until": "2020-01-01", "reason": "a" * 20 + "\0"}, "invalid"),
    ],
)
def test_a_plan_that_does_not_hold_is_refused(
    move: str, body: object, kind: str, world: World, caller: Callable[[str], Client]
) -> None:
    answer = post(caller("rssi"), f"findings/{world.findings['own.flaw'].pk}/{move}", body)

    assert answer.status_code == 422
    assert answer.json()["type"] == f"urn:hygie:problem:{kind}"


def test_who_accepts_may_reopen_what_was_accepted_only(
    world: World, caller: Callable[[str], Client]
) -> None:
    director = caller("director")

    accepted = post(director, f"findings/{world.findings['own.accepted'].pk}/reopen")
    taken = post(director, f"findings/{world.findings['own.taken'].pk}/reopen")

    assert (accepted.status_code, taken.status_code) == (200, 404)


def test_an_inventory_is_compared_first_then_taken(
    world: World, caller: Callable[[str], Client]
) -> None:
    client = caller("rssi")
    path = f"nodes/{world.nodes['own'].pk}/inventories?name=parc.csv&kind=applications"

    looked = post(client, f"{path}&dry_run=true", TABLE, "text/csv").json()
    nothing = Asset.objects.filter(name="Pharmacie").exists()
    taken = post(client, path, TABLE, "text/csv").json()

    assert (looked["applied"], looked["source_id"], looked["added"]) == (False, None, 2)
    assert not nothing
    assert (taken["applied"], taken["added"], taken["rows"]) == (True, 2, 2)
    assert Source.objects.get(pk=taken["source_id"]).name == "parc.csv"
    assert [change["name"] for change in taken["changes"]] == ["Dossier patient", "Pharmacie"]
    line = Entry.objects.get(action="estate.imported")
    assert line.actor.startswith("rssi@exemple.example (jeton hyg_")


def test_a_document_of_the_same_name_replaces_what_it_said(
    world: World, caller: Callable[[str], Client]
) -> None:
    client = caller("rssi")
    path = f"nodes/{world.nodes['own'].pk}/inventories?name=parc.csv&kind=applications"
    post(client, path, TABLE, "text/csv")
    less = "Nom;Éditeur;Version\nDossier patient;Inventée;2.2\n".encode()

    found = post(client, path, less, "text/csv").json()

    assert (found["changed"], found["removed"]) == (1, 1)
    assert found["changes"][0]["fields"] == ["version"]


def test_a_workbook_is_read_too(world: World, caller: Callable[[str], Client]) -> None:
    book, file = Workbook(), io.BytesIO()
    for row in (("Nom", "Éditeur", "Version"), ("Dossier patient", "Inventée", "2.1")):
        book.active.append(row)
    book.save(file)
    path = f"nodes/{world.nodes['own'].pk}/inventories?name=parc.xlsx&kind=applications"

    assert post(caller("rssi"), path, file.getvalue(), XLSX).json()["added"] == 1


def test_rows_in_error_are_refused_unless_skipped(
    world: World, caller: Callable[[str], Client]
) -> None:
    client, table = caller("rssi"), b"domaine\npas un domaine\nwww.own.example\n"
    path = f"nodes/{world.nodes['own'].pk}/inventories?name=d.csv&kind=domains"

    looked = post(client, f"{path}&dry_run=true", table, "text/csv")
    refused = post(client, path, table, "text/csv")
    taken = post(client, f"{path}&skip_errors=true", table, "text/csv")

    assert looked.json()["problem_count"] == 1
    assert refused.status_code == 422
    assert refused.json()["type"] == "urn:hygie:problem:document-refused"
    assert refused.json()["errors"][0]["place"] == "line 2"
    assert taken.json()["added"] == 1


def test_a_document_about_somebody_else_is_refused(
    world: World, caller: Callable[[str], Client]
) -> None:
    table = b"domaine;finess\nwww.neighbour.example;990100307\n"
    path = f"nodes/{world.nodes['own'].pk}/inventories?name=d.csv&kind=domains"

    answer = post(caller("rssi"), path, table, "text/csv")

    assert answer.json()["type"] == "urn:hygie:problem:document-refused"


def test_a_saved_mapping_names_the_columns(world: World, caller: Callable[[str], Client]) -> None:
    node = world.nodes["own"]
    save_mapping(node, "applications", "gmao", {"name": "A"}, actor="essai", now=timezone.now())
    path = f"nodes/{node.pk}/inventories?name=g.csv&mapping=gmao"

    assert post(caller("rssi"), path, b"A\nPharmacie\n", "text/csv").json()["added"] == 1


def test_an_sbom_gives_an_application_its_components(
    world: World, caller: Callable[[str], Client]
) -> None:
    client, path = caller("rssi"), f"nodes/{world.nodes['own'].pk}/sboms"

    looked = post(client, f"{path}?dry_run=true&criticality=vital", SBOM).json()
    taken = post(client, f"{path}?criticality=vital&name=labo.json", SBOM).json()
    again = post(client, f"{path}?criticality=vital&name=labo.json", SBOM).json()

    assert (looked["applied"], looked["changes"][0]["installed"]) == (False, 2)
    assert (taken["applied"], taken["document"]["name"]) == (True, "labo.json (Labo)")
    assert (again["same"], again["added"]) == (1, 0)
    assert Asset.objects.get(name="Labo").criticality == "vital"


@pytest.mark.parametrize(
    ("body", "media", "status"),
    [
        (b"{}", "application/json", 422),
        (b"<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>", "application/xml", 422),
        (b"\x00\xff", "application/octet-stream", 422),
        (b"{}", "image/png", 415),
    ],
)
def test_what_is_no_sbom_is_refused(
    body: bytes, media: str, status: int, world: World, caller: Callable[[str], Client]
) -> None:
    answer = post(caller("rssi"), f"nodes/{world.nodes['own'].pk}/sboms", body, media)

    assert answer.status_code == status


def test_a_document_is_bounded(
    world: World, caller: Callable[[str], Client], settings: SettingsWrapper
) -> None:
    settings.API_MAX_DOCUMENT_BYTES = 100

    answer = post(caller("rssi"), f"nodes/{world.nodes['own'].pk}/sboms", b" " * 101)

    assert (answer.status_code, answer.json()["detail"]) == (413, "100 octets au plus.")


def test_an_empty_document_is_refused() -> None:
    request = RequestFactory().generic("POST", "/", b"", CONTENT_TYPE="text/csv")

    with pytest.raises(ProblemError, match="invalid"):
        bodies.read_document(request, ("text/csv",))


@pytest.mark.parametrize("length", ["beaucoup", "-1"])
def test_a_length_that_is_no_number_is_malformed(length: str) -> None:
    request = RequestFactory().generic("POST", "/", b"x", CONTENT_LENGTH=length)

    with pytest.raises(ProblemError, match="malformed"):
        bodies.small_body(request)


def test_an_estate_belongs_to_an_establishment(
    world: World, caller: Callable[[str], Client]
) -> None:
    answer = post(caller("ght_rssi"), f"nodes/{world.nodes['ej-a'].pk}/sboms", SBOM)

    assert answer.json()["type"] == "urn:hygie:problem:refused"


def test_a_round_is_started_once_its_row_is_there(
    world: World,
    caller: Callable[[str], Client],
    monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    begun: list[int] = []

    class Backend:
        def begin(self, turn: Round) -> None:
            begun.append(turn.pk)

    monkeypatch.setattr("hygie.api.rounds.backend", Backend)
    client, body = caller("rssi"), {"node_id": world.nodes["own"].pk, "steps": ["match"]}

    with django_capture_on_commit_callbacks(execute=True):
        first = post(client, "rounds", body)
    again = post(client, "rounds", body)

    assert first.status_code == again.status_code == 202
    assert begun == [first.json()["id"]]
    assert (first.json()["is_new"], again.json()["is_new"]) == (True, False)
    assert client.get(first["Location"]).json()["steps"] == ["match"]


@pytest.mark.parametrize("steps", [[], ["fly"], ["match"] * 8, "match", None])
def test_a_round_has_known_steps(
    steps: object, world: World, caller: Callable[[str], Client]
) -> None:
    body = {"node_id": world.nodes["own"].pk, "steps": steps}

    assert post(caller("rssi"), "rounds", body).status_code == 422


def test_a_place_without_establishment_has_no_round(
    world: World, caller: Callable[[str], Client]
) -> None:
    world.nodes["own"].closed_on = dt.date(2020, 1, 1)
    world.nodes["own"].save()

    answer = post(caller("rssi"), "rounds", {"node_id": world.nodes["own"].pk})

    assert answer.json()["type"] == "urn:hygie:problem:refused"


def test_a_long_name_leaves_room_for_the_asset(world: World) -> None:
    content = json.dumps(SBOM).encode()

    _, document = receive_sbom(
        world.nodes["own"], content, name="n" * 300, asset="", criticality=None
    )
    _, table = receive_inventory(
        world.nodes["own"], TABLE, name="n" * 300, kind="applications", mapping=""
    )

    assert document.name.endswith(" (Labo)")
    assert len(document.name) == len(table.name) == 200
    assert bodies.MAX_JSON_BYTES == 65_536
