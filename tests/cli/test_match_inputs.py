from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.domain.veille.sources import write_sbom

from hygie.cli.match_inputs import read_inventory
from hygie.engines.exchange.tabular import TableFormatError
from hygie.vocabulary.facts import Component

if TYPE_CHECKING:
    from pathlib import Path


def written(folder: Path, text: str) -> Path:
    path = folder / "parc.csv"
    path.write_text(text)
    return path


@pytest.mark.parametrize(
    ("text", "component"),
    [
        (
            "Éditeur;Logiciel;Version;CPE\nAcme;Box;1.4;cpe:2.3:a:acme:box:1.4:*:*:*:*:*:*:*\n",
            Component("Box", "1.4", cpe="cpe:2.3:a:acme:box:1.4:*:*:*:*:*:*:*", vendor="Acme"),
        ),
        (
            "Marque;Modèle;Version du firmware\nAcme;Pump 3;2.0\n",
            Component("Pump 3", "2.0", vendor="Acme"),
        ),
        ("Application;Fournisseur;Release\nDPI;Acme;7\n", Component("DPI", "7", vendor="Acme")),
    ],
)
def test_a_table_names_software_devices_or_applications(
    tmp_path: Path, text: str, component: Component
) -> None:
    assert read_inventory(written(tmp_path, text)) == ([component], ())


def test_rows_left_out_are_told_with_their_line(tmp_path: Path) -> None:
    components, problems = read_inventory(
        written(tmp_path, "Éditeur;Logiciel;Version\nAcme;;1\nAcme;Box;2\n")
    )

    assert [component.name for component in components] == ["Box"]
    [problem] = problems
    assert problem.startswith("ligne 2 : ")


def test_a_table_that_names_no_product_is_refused_with_its_columns(tmp_path: Path) -> None:
    with pytest.raises(TableFormatError, match="colonnes trouvées : a, b"):
        read_inventory(written(tmp_path, "a;b\n1;2\n"))


def test_an_sbom_is_told_by_its_content(tmp_path: Path) -> None:
    components, problems = read_inventory(write_sbom(tmp_path))

    assert (len(components), problems) == (2, ())
    tags = written(tmp_path, "SPDXVersion: SPDX-2.3\nPackageName: box\nSPDXID: SPDXRef-a\n")
    assert [component.name for component in read_inventory(tags)[0]] == ["box"]
