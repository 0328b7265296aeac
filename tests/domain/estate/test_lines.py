from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from hygie.domain.estate.lines import AssetLine, describe_file
from hygie.vocabulary.facts import Component

LIBRARY = Component("zlib", "1.2")


def test_a_versioned_device_is_itself_a_product_before_its_components() -> None:
    line = AssetLine("device", "PACS", model="Vue", version="12", components=(LIBRARY,))

    assert [(c.name, c.kind) for c in line.products] == [("Vue", "device"), ("zlib", "library")]


@pytest.mark.parametrize(
    "line",
    [AssetLine("domain", "x.example", version="1"), AssetLine("application", "Sans version")],
    ids=["a name", "no version"],
)
def test_a_name_or_an_unversioned_asset_is_no_product(line: AssetLine) -> None:
    assert line.products == ()


def test_a_file_is_known_by_its_name_part_and_digest(tmp_path: Path) -> None:
    path = tmp_path / "parc.csv"
    path.write_bytes(b"domaine\n")

    document = describe_file(path, kind="domains", part="Feuille 2")

    assert (document.kind, document.name) == ("domains", "parc.csv (Feuille 2)")
    assert document.sha256 == hashlib.sha256(b"domaine\n").hexdigest()


def test_a_long_file_name_keeps_its_part(tmp_path: Path) -> None:
    path = tmp_path / ("x" * 240 + ".csv")
    path.touch()

    name = describe_file(path, kind="domains", part="A").name

    assert len(name) == 200
    assert name.endswith(" (A)")
