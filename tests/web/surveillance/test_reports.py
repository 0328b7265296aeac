from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from tests.engines.exchange.scans.samples import NMAP, PINGCASTLE
from tests.web.world import World

from hygie.domain.findings.models import Finding, Origin
from hygie.domain.surveillance.models import DirectoryLevel, ScanImport
from hygie.web.surveillance import reports

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client


@pytest.fixture(autouse=True)
def followed(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """Keep the rounds asked for: no worker is started here."""
    begun: list[object] = []

    class Kept:
        def begin(self, turn: object) -> None:
            begun.append(turn)

    monkeypatch.setattr(reports, "backend", Kept)
    return begun


def send(client: Client, world: World, tool: str, document: bytes, act: str) -> str:
    url = reverse("report-import", args=[world.nodes["own"].pk])
    file = SimpleUploadedFile("rapport", document)
    return client.post(url, {"tool": tool, "file": file, "act": act}, follow=True).content.decode()


def test_a_report_is_looked_at_first_then_imported(
    world: World, sign_in: Callable[[str], Client], followed: list[object]
) -> None:
    rssi = sign_in("rssi")

    page = send(rssi, world, "pingcastle", PINGCASTLE, "preview")
    assert "3 constats nouveaux" in page
    assert "Niveau Active Directory : 2 sur 5" in page
    assert not ScanImport.objects.exists()

    page = send(rssi, world, "pingcastle", PINGCASTLE, "apply")
    assert "pris en compte" in page
    assert Finding.objects.filter(origin=Origin.SCAN).count() == 3
    assert DirectoryLevel.objects.get().level == 2
    assert len(followed) <= 1


def test_machines_outside_the_estate_are_told(
    world: World, sign_in: Callable[[str], Client]
) -> None:
    page = send(sign_in("rssi"), world, "nmap", NMAP, "preview")

    assert "Hors du parc : vpn.essai.example (2 faiblesses" in page


def test_a_file_of_another_tool_is_a_line_under_the_field(
    world: World, sign_in: Callable[[str], Client]
) -> None:
    page = send(sign_in("rssi"), world, "nessus", NMAP, "apply")

    assert "rapport :" in page
    assert not ScanImport.objects.exists()


def test_a_file_too_large_goes_to_the_command_line(
    world: World, sign_in: Callable[[str], Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reports, "MAX_UPLOAD_BYTES", 10)

    assert "ligne de commande" in send(sign_in("rssi"), world, "nmap", NMAP, "preview")
