from __future__ import annotations

import csv
import datetime as dt
import hashlib
import json
import subprocess
import sys
from pathlib import Path

from tests.engines.exchange.bulletins.samples import NOON, PUBLISHER, bulletin

from hygie.engines.exchange.bulletins.csaf import write_csaf
from hygie.engines.exchange.bulletins.provider import (
    Key,
    Provider,
    document_path,
    write_changes,
    write_hash,
    write_index,
    write_provider_metadata,
    write_rolie,
    write_security_txt,
)
from hygie.vocabulary.tlp import Tlp

PROVIDER = Provider(
    publisher=PUBLISHER,
    base_url="https://hygie.example/.well-known/csaf",
    updated_at=NOON,
    labels=(Tlp.CLEAR, Tlp.GREEN, Tlp.AMBER, Tlp.AMBER_STRICT),
    keys=(Key("A" * 40, "https://hygie.example/.well-known/csaf/openpgp/key.asc"),),
)


def test_the_metadata_name_one_feed_a_label() -> None:
    metadata = json.loads(write_provider_metadata(PROVIDER))

    [distribution] = metadata["distributions"]
    labels = [feed["tlp_label"] for feed in distribution["rolie"]["feeds"]]
    assert labels == ["WHITE", "GREEN", "AMBER"]
    assert metadata["role"] == "csaf_trusted_provider"


def test_an_independent_auditor_accepts_the_folder_of_a_label(tmp_path: Path) -> None:
    document, name = write_csaf(bulletin()), document_path(bulletin())
    (tmp_path / name).parent.mkdir()
    (tmp_path / name).write_bytes(document)
    for algorithm in ("sha256", "sha512"):
        proof = write_hash(document, Path(name).name, algorithm=algorithm)
        (tmp_path / f"{name}.{algorithm}").write_bytes(proof)
    (tmp_path / "index.txt").write_bytes(write_index([bulletin()]))
    (tmp_path / "changes.csv").write_bytes(write_changes([bulletin()]))

    command = [Path(sys.executable).with_name("csaf"), "distribute", "audit", tmp_path]
    done = subprocess.run(command, capture_output=True, text=True, timeout=100, check=False)

    # It reads ``changes.csv`` date first; CSAF 2.0 section 7.1.13 has the path first.
    assert "year-folders: PASS" in done.stdout
    assert "index-txt: PASS" in done.stdout
    assert "advisory count: 1" in done.stdout


def test_each_document_has_its_place_and_its_proofs() -> None:
    feed = json.loads(write_rolie(PROVIDER, Tlp.GREEN, [bulletin()]))["feed"]
    [entry] = feed["entry"]
    address = f"{PROVIDER.base_url}/green/2026/essai-2026-ale-001.json"

    assert entry["content"]["src"] == address
    assert [link["href"] for link in entry["link"]] == [
        address,
        f"{address}.sha256",
        f"{address}.sha512",
        f"{address}.asc",
    ]


def test_the_latest_change_comes_first() -> None:
    older = bulletin(number="ESSAI-2026-ALE-000", revisions=bulletin().revisions[:1])

    rows = list(csv.reader(write_changes([older, bulletin()]).decode().splitlines()))

    assert rows == [
        ["2026/essai-2026-ale-001.json", "2026-11-20T15:00:00.000Z"],
        ["2026/essai-2026-ale-000.json", "2026-11-20T12:00:00.000Z"],
    ]
    assert write_index([older]) == b"2026/essai-2026-ale-000.json\n"


def test_a_hash_is_that_of_the_bytes_served() -> None:
    document = write_csaf(bulletin())

    line = write_hash(document, document_path(bulletin()), algorithm="sha256").decode()

    assert line.split() == [hashlib.sha256(document).hexdigest(), "2026/essai-2026-ale-001.json"]


def test_a_crawler_finds_the_provider() -> None:
    lines = write_security_txt(PROVIDER, expires_at=NOON + dt.timedelta(days=90)).decode()

    assert "CSAF: https://hygie.example/.well-known/csaf/provider-metadata.json\n" in lines
    assert "Contact: mailto:alerte@hygie.example\n" in lines
