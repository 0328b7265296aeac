from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

from django.urls import reverse

from hygie.domain.findings.models import Finding

if TYPE_CHECKING:
    from django.test import Client
    from tests.web.world import World


def test_the_spreadsheet_holds_what_is_shown(world: World, rssi: Client) -> None:
    answer = rssi.get(reverse("finding-csv"), {"overdue": "on"})

    rows = read(answer)
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert [row["Constat"] for row in rows] == [str(world.findings["own.late"].pk)]
    assert rows[0]["FINESS"] == "990100109"


def test_no_cell_of_the_spreadsheet_is_a_formula(world: World, rssi: Client) -> None:
    finding = world.findings["own.flaw"]
    Finding.objects.filter(pk=finding.pk).update(place='=cmd|"/c calc"!A1')

    [row] = read(rssi.get(reverse("finding-csv"), {"origin": "vulnerability"}))

    assert row["Endroit"].startswith("'=")


def read(answer: object) -> list[dict[str, str]]:
    content = b"".join(answer.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    return list(csv.DictReader(io.StringIO(content), delimiter=";"))
