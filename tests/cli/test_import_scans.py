"""`hygie import nmap …`: what an operator types, reads and gets."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.domain.places import NOW, make_site
from tests.engines.exchange.scans.samples import ALL, NMAP

from hygie.cli import import_scans
from hygie.cli.main import main
from hygie.domain.estate.models import Asset, AssetKind
from hygie.domain.findings.models import Finding
from hygie.domain.surveillance.models import Proposal, ScanImport
from hygie.domain.territory.models import Node

pytestmark = pytest.mark.django_db

Capture = pytest.CaptureFixture[str]

HERE = "990000101"


@pytest.fixture(autouse=True)
def site(monkeypatch: pytest.MonkeyPatch) -> Node:
    monkeypatch.setattr(import_scans, "_decide", lambda _: None)  # a round of its own, tested apart
    node = make_site()
    Node.objects.filter(pk=node.pk).update(code=HERE)
    Asset.objects.create(node=node, kind=AssetKind.DOMAIN, name="vpn.essai.example", added_at=NOW)
    node.refresh_from_db()
    return node


def run(*arguments: str) -> int:
    with pytest.raises(SystemExit) as ended:
        main(["import", *arguments, "--establishment", HERE])
    return int(ended.value.code or 0)


@pytest.mark.parametrize("tool", sorted(ALL))
def test_every_format_is_a_command(tool: str, tmp_path: Path, capsys: Capture) -> None:
    file = tmp_path / "rapport"
    file.write_bytes(ALL[tool])

    assert run(tool, str(file), "--format", "json") == 0

    told = json.loads(capsys.readouterr().out)
    assert (told["tool"], told["applied"]) == (tool, True)
    assert ScanImport.objects.get().tool == tool


def test_a_trial_says_what_would_change_and_writes_nothing(tmp_path: Path, capsys: Capture) -> None:
    file = tmp_path / "nmap.xml"
    file.write_bytes(NMAP)

    assert run("nmap", str(file), "--dry-run") == 0

    out = capsys.readouterr().out
    assert "Rien n’a été écrit" in out
    assert "Hors du parc, laissée de côté : 10.0.0.7" in out
    assert not Finding.objects.exists()


def test_a_bad_file_is_one_line_and_changes_nothing(tmp_path: Path, capsys: Capture) -> None:
    file = tmp_path / "nmap.xml"
    file.write_bytes(NMAP[:500])

    assert run("nmap", str(file)) == 3
    assert run("nessus", str(file)) == 3
    assert "nmap.xml" in capsys.readouterr().err
    assert not ScanImport.objects.exists()


def test_names_of_certificates_and_zones_are_proposed(tmp_path: Path, capsys: Capture) -> None:
    certificates, zone = tmp_path / "ct.json", tmp_path / "zone"
    certificates.write_text('[{"id": 1, "name_value": "*.essai.example\\nb.vpn.essai.example"}]')
    zone.write_text("$TTL 60\nwww IN A 192.0.2.1\n")

    assert run("ct", str(certificates)) == 0
    assert run("zone", str(zone), "--origin", "essai.example", "--dry-run") == 0

    out = capsys.readouterr().out
    assert "b.vpn.essai.example  (sous votre domaine, certificat 1" in out
    assert set(Proposal.objects.values_list("name", flat=True)) == {
        "essai.example", "b.vpn.essai.example",
    }  # fmt: skip
