"""`hygie mandate`: what an operator types, reads and gets."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from pathlib import Path

import pytest
import time_machine
from tests.domain.places import NOW, make_site

from hygie.cli.main import main
from hygie.cli.mandate import MAX_DOCUMENT_BYTES
from hygie.domain.estate.models import Mandate
from hygie.domain.journal.models import Entry
from hygie.domain.territory.models import Node

pytestmark = pytest.mark.django_db

Capture = pytest.CaptureFixture[str]

HERE = "990000101"
TERMS = {
    "--signatory": "Directrice générale",
    "--contact": "dsi@essai.example",
    "--from": "2026-01-01",
    "--to": "2027-01-01",
}


@pytest.fixture(autouse=True)
def site() -> Node:
    node = make_site()
    Node.objects.filter(pk=node.pk).update(code=HERE)
    node.refresh_from_db()
    return node


def run(*arguments: str) -> int:
    with time_machine.travel(NOW, tick=False), pytest.raises(SystemExit) as ended:
        main(["mandate", *arguments])
    return int(ended.value.code or 0)


def sign(*arguments: str, **terms: str) -> int:
    options = TERMS | {f"--{name}": value for name, value in terms.items()}
    flat = [word for pair in options.items() for word in pair]
    return run("sign", "--site", HERE, *flat, *arguments)


def test_a_mandate_is_signed_with_its_perimeter_and_window(capsys: Capture) -> None:
    code = sign(
        *("--domain", "CH-Essai.example", "--host", "vpn.partage.example"),
        *("--network", "192.88.99.0/24", "--days", "54321", "--hours", "8-18"),
    )

    mandate = Mandate.objects.get()
    assert code == 0
    assert {(line.kind, line.value) for line in mandate.perimeter.all()} == {
        ("domain", "ch-essai.example"),
        ("host", "vpn.partage.example"),
        ("network", "192.88.99.0/24"),
    }
    assert (mandate.days, mandate.from_hour, mandate.to_hour) == ("12345", 8, 18)
    assert mandate.signed_on == dt.date(2026, 3, 4)
    assert Entry.objects.get().action == "mandate.signed"
    assert f"Ensuite : hygie round --scope {HERE}" in capsys.readouterr().out


def test_the_signed_document_is_kept_as_its_digest(tmp_path: Path, capsys: Capture) -> None:
    path = tmp_path / "mandat.pdf"
    path.write_bytes(b"%PDF-1.7 ...")

    assert sign("--domain", "ch-essai.example", "--document", str(path), "--format", "json") == 0

    captured = capsys.readouterr()
    assert captured.err == ""
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    assert json.loads(captured.out)["document_sha256"] == digest


def test_a_document_that_is_absent_or_huge_is_exit_3(tmp_path: Path) -> None:
    huge = tmp_path / "huge.pdf"
    with huge.open("wb") as file:
        file.truncate(MAX_DOCUMENT_BYTES + 1)

    for path in (tmp_path / "absent.pdf", tmp_path, huge):
        assert sign("--domain", "ch-essai.example", "--document", str(path)) == 3
    assert not Mandate.objects.exists()


@pytest.mark.parametrize(
    "options",
    [
        pytest.param([], id="no perimeter"),
        pytest.param(["--domain", "fr"], id="a country"),
        pytest.param(["--domain", "gouv.fr"], id="a public suffix"),
        pytest.param(["--domain", "https://ch-essai.example"], id="a URL"),
        pytest.param(["--host", "192.88.99.1"], id="an address as a host"),
        pytest.param(["--network", "192.88.0.0/16"], id="too wide"),
        pytest.param(["--network", "2620:4f::/32"], id="too wide in IPv6"),
        pytest.param(["--network", "10.0.0.0/24"], id="private"),
        pytest.param(["--domain", "ch-essai.example", "--days", "8"], id="no such day"),
        pytest.param(["--domain", "ch-essai.example", "--hours", "18-8"], id="hours backwards"),
        pytest.param(["--domain", "ch-essai.example", "--hours", "matin"], id="no hours"),
        pytest.param(["--domain", "ch-essai.example", "--from", "hier"], id="no date"),
        pytest.param(["--domain", "ch-essai.example", "--to", "2025-01-01"], id="dates backwards"),
        pytest.param(["--domain", "ch-essai.example", "--signed", "2030-01-01"], id="future"),
        pytest.param(["--domain", "ch-essai.example", "--contact", " "], id="no contact"),
        pytest.param(["--domain", "ch-essai.example", "--format", "xml"], id="no such format"),
    ],
)
def test_what_no_mandate_may_say_is_one_line_and_exit_2(
    capsys: Capture, options: list[str]
) -> None:
    assert sign(*options) == 2

    assert len(capsys.readouterr().err.strip().splitlines()) == 1
    assert not Mandate.objects.exists()


def test_the_list_says_which_mandates_allow_probing(capsys: Capture) -> None:
    sign("--domain", "ch-essai.example")
    sign("--domain", "vieux.example", to="2026-02-01")
    sign("--domain", "nuit.example", "--hours", "22-24")
    capsys.readouterr()

    assert run("list") == 0

    said = capsys.readouterr().out
    assert "En vigueur : 2, dont ouverts maintenant : 1." in said
    assert "À venir : 0. Expirés : 1. Révoqués : 0." in said


def test_the_list_of_one_place_leaves_the_others_out(capsys: Capture) -> None:
    other = make_site("Ailleurs")
    sign("--domain", "ch-essai.example")
    capsys.readouterr()

    for code, count in ((HERE, 1), (other.code, 0)):
        assert run("list", "--site", code, "--format", "json") == 0
        assert len(json.loads(capsys.readouterr().out)) == count


def test_an_empty_list_says_what_to_do(capsys: Capture) -> None:
    assert run("list") == 0

    assert "hygie mandate sign" in capsys.readouterr().out


def test_a_mandate_is_revoked_once(capsys: Capture) -> None:
    sign("--domain", "ch-essai.example")
    number = str(Mandate.objects.get().pk)

    assert run("revoke", number) == 0
    assert Mandate.objects.get().revoked_at == NOW
    assert "révoqué" in capsys.readouterr().out
    assert run("revoke", number) == 2
    assert run("revoke", "999999") == 2
