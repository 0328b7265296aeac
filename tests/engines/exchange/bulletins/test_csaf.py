from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

from tests.engines.exchange.bulletins.samples import bulletin

from hygie.engines.corpus.formats.csaf import parse_csaf
from hygie.engines.exchange.bulletins.csaf import write_csaf
from hygie.vocabulary.enums import Exploitation
from hygie.vocabulary.tlp import Tlp

if TYPE_CHECKING:
    from collections.abc import Mapping


CASES: Final = {
    "whole": bulletin(),
    "withdrawn": bulletin(withdrawn=True),
    "without-cve": bulletin(flaws=()),
    "without-product": bulletin(products=(), references=()),
    "without-measure": bulletin(actions=(), indicators=()),
} | {f"label-{number}": bulletin(tlp=tlp) for number, tlp in enumerate(Tlp)}


def validated(documents: Mapping[str, bytes], folder: Path) -> str:
    """Return what the independent validator prints of all of them, its exit code first."""
    paths = []
    for name, document in documents.items():
        paths.append(folder / name / "essai-2026-ale-001.json")
        paths[-1].parent.mkdir()
        paths[-1].write_bytes(document)
    command = [Path(sys.executable).with_name("csaf"), "validate", "--spec-version", "v20"]
    done = subprocess.run(
        [*command, "--no-network", *paths], capture_output=True, text=True, timeout=100, check=False
    )
    return f"{done.returncode}\n{done.stdout}{done.stderr}"


def test_an_independent_validator_accepts_all_of_them(tmp_path: Path) -> None:
    said = validated({name: write_csaf(one) for name, one in CASES.items()}, tmp_path)

    assert said.startswith("0\n"), said
    assert said.count("essai-2026-ale-001.json") >= len(CASES), said


def test_the_validator_would_see_a_mistake(tmp_path: Path) -> None:
    document = json.loads(write_csaf(bulletin()))
    document["document"]["tracking"]["version"] = "7"

    assert not validated({"wrong": json.dumps(document).encode()}, tmp_path).startswith("0\n")


def test_read_again_by_the_corpus_it_says_the_same() -> None:
    advisory = parse_csaf(write_csaf(bulletin()), source="essai")

    first, second = advisory.records
    assert (first.cve_id, second.cve_id) == ("CVE-2026-99901", "CVE-2026-99902")
    assert (first.exploitation, second.exploitation) == (Exploitation.ACTIVE, None)
    assert first.cvss_score == 9.8
    ranges = {
        (one.identity, span.exact or (span.start, span.end))
        for one in first.statements
        for span in one.spans
    }
    assert ranges == {
        ("acme/passerelle", ("2.0", "2.4")),
        ("acme/passerelle", "1.9"),
        ("acme/relais", ("", "")),
    }
    safe = {(one.identity, span.exact) for one in first.statements for span in one.not_spans}
    assert safe == {("acme/passerelle", "2.4")}


def test_each_product_is_affected_and_its_fix_is_fixed() -> None:
    document = json.loads(write_csaf(bulletin()))

    [vendor] = document["product_tree"]["branches"]
    names = {
        leaf["product"]["product_id"]: leaf["name"]
        for product in vendor["branches"]
        for leaf in product["branches"]
    }
    status = document["vulnerabilities"][0]["product_status"]
    assert [names[one] for one in status["known_affected"]] == [
        "vers:generic/>=2.0|<2.4",
        "1.9",
        "vers:all/*",
    ]
    assert [names[one] for one in status["fixed"]] == ["2.4"]


def test_the_label_of_tlp_2_is_said_beside_that_of_tlp_1() -> None:
    distribution = json.loads(write_csaf(bulletin(tlp=Tlp.AMBER_STRICT)))["document"][
        "distribution"
    ]

    assert distribution["tlp"]["label"] == "AMBER"
    assert "TLP:AMBER+STRICT" in distribution["text"]


def test_the_same_bulletin_gives_the_same_bytes() -> None:
    assert write_csaf(bulletin()) == write_csaf(bulletin())
