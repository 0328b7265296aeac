from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from tests.engines.probing.peers import NO_DNS

from hygie.cli.main import main
from hygie.lab.thread import start_in_thread

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HYGIE_HOME", str(tmp_path))
    return tmp_path


@pytest.fixture
def empty_lab(home: Path) -> Path:
    (home / "lab").mkdir()
    directory = {"dns": NO_DNS, "services": {}}
    (home / "lab" / "network.json").write_text(json.dumps(directory))
    return home


def probe(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    code = 0
    try:
        main(["probe", *arguments])
    except SystemExit as leaving:
        code = int(leaving.code or 0)
    said = capsys.readouterr()
    return code, said.out, said.err


@pytest.mark.usefixtures("empty_lab")
def test_json_is_one_document_and_nothing_on_stderr(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = probe(capsys, "192.0.2.1:3389", "--lab", "--format", "json")

    document: Any = json.loads(out)
    assert (code, err) == (0, "")
    assert document["mandate"] is None
    [target] = document["targets"]
    [outcome] = target["outcomes"]
    assert outcome["subject"] == "192.0.2.1:3389"
    assert outcome["value"] == {"open": False, "service": "rdp", "banner": ""}


@pytest.mark.usefixtures("empty_lab")
def test_the_table_ends_with_the_lines_that_matter(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = probe(capsys, "192.0.2.1:443", "--lab", "--probe", "dicom", "--probe", "tls")

    assert code == 0
    assert "192.0.2.1" in out
    assert "Services à risque qui répondent" in out
    assert out.rstrip().splitlines()[-1].startswith("Ensuite")


def test_nothing_is_probed_without_a_mandate(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = probe(capsys, "ch.example")

    assert (code, out) == (2, "")
    assert "--mandat" in err


def test_a_private_address_is_refused_even_with_a_mandate(
    capsys: pytest.CaptureFixture[str],
) -> None:
    code, out, _ = probe(
        capsys, "127.0.0.1:443", "--mandat", "Dr Essai, 2026-11-02", "--format", "json"
    )

    document: Any = json.loads(out)
    assert code == 0
    assert document["mandate"] == "Dr Essai, 2026-11-02"
    assert {o["reason"] for o in document["targets"][0]["outcomes"]} == {"forbidden"}


@pytest.mark.parametrize(
    "arguments",
    [
        ["http://ch.example/", "--lab"],
        ["ch.example:0", "--lab"],
        ["ch.example:99999", "--lab"],
        ["ch.example", "--lab", "--format", "xml"],
        ["ch.example", "--lab", "--probe", "nmap"],
    ],
)
def test_a_bad_request_is_one_line_and_exit_2(
    capsys: pytest.CaptureFixture[str], arguments: list[str]
) -> None:
    code, out, err = probe(capsys, *arguments)

    assert (code, out) == (2, "")
    assert len(err.strip().splitlines()) == 1


@pytest.mark.usefixtures("home")
def test_a_lab_that_is_not_started_is_one_line_and_exit_3(
    capsys: pytest.CaptureFixture[str],
) -> None:
    code, _, err = probe(capsys, "ch.example", "--lab")

    assert code == 3
    assert "pas démarré" in err


def test_an_ipv6_address_is_a_target(capsys: pytest.CaptureFixture[str], empty_lab: Path) -> None:
    assert empty_lab.exists()
    for text in ("2001:db8::1", "[2001:db8::1]:22"):
        _, out, _ = probe(capsys, text, "--lab", "--format", "json", "--probe", "tcp")

        assert json.loads(out)["targets"][0]["target"] == "2001:db8::1"


def test_the_invented_hospital_is_seen_as_it_is(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    names = (
        "ch-val-hygie.example",
        "vpn.ch-val-hygie.example",
        "www.ch-panacee.example",
        "pacs.ch-val-hygie.example",
        "hl7.ch-val-hygie.example",
        "tse.ch-panacee.example",
    )
    with start_in_thread(home):
        code, out, _ = probe(capsys, *names, "--lab", "--format", "json")
        _, table, _ = probe(capsys, names[0], names[1], "--lab")

    assert code == 0
    assert "fortios 6.0.4" in table
    assert "non déterminé" not in table
    seen: dict[tuple[str, str], Any] = {
        (o["subject"], o["probe"]): o
        for target in json.loads(out)["targets"]
        for o in target["outcomes"]
        if o["observed"]
    }
    vpn = seen["vpn.ch-val-hygie.example:443", "http"]
    assert (vpn["product"], vpn["version"]) == ("fortinet/fortios", "6.0.4")
    mail = seen["ch-val-hygie.example", "mail"]["value"]
    assert (mail["spf_all"], mail["dmarc_policy"], mail["starttls"]) == ("-", "none", True)
    tls = seen["www.ch-panacee.example:443", "tls"]["value"]
    assert tls["accepted"] == ["TLSv1.0", "TLSv1.1", "TLSv1.2", "TLSv1.3"]
    assert tls["certificate"]["trusted"] is True
    assert seen["pacs.ch-val-hygie.example:11112", "dicom"]["value"]["accepts_association"]
    assert seen["hl7.ch-val-hygie.example:2575", "mllp"]["value"]["ack_code"] == "AA"
    assert seen["tse.ch-panacee.example:3389", "tcp"]["value"]["service"] == "rdp"
