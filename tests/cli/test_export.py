from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from tests.domain.places import NOW, make_site

from hygie.cli import export, places
from hygie.cli.main import main
from hygie.domain.findings.models import Finding
from hygie.domain.territory.models import Node
from hygie.vocabulary.errors import UsageError

pytestmark = pytest.mark.django_db


def run(*arguments: str) -> int:
    with pytest.raises(SystemExit) as stop:
        main(["export", "csv", *arguments])
    return int(stop.value.code or 0)


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text), delimiter=";"))


def make_finding(site: Node, title: str) -> Finding:
    return Finding.objects.create(
        node=site,
        identity=title.ljust(64, "0"),
        origin="exposure",
        subject="vpn.essai.example:443",
        title=title,
        severity="major",
        first_seen_at=NOW,
        last_seen_at=NOW,
        last_reached_at=NOW,
    )


def test_every_establishment_of_the_place_is_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    here = make_site("Ici", beds=12)
    make_site("Ailleurs")

    assert run("establishments", "--scope", here.code) == 0

    out, err = capsys.readouterr()
    [row] = rows(out)
    assert (row["finess"], row["name"], row["beds"]) == (here.code, "Ici", "12")
    assert "1 lignes" in err


def test_a_cell_that_a_spreadsheet_would_run_is_disarmed(
    capsys: pytest.CaptureFixture[str],
) -> None:
    make_finding(make_site(), "=HYPERLINK(1)")

    run("findings")

    assert not rows(capsys.readouterr().out)[0]["title"].startswith("=")


def test_a_file_is_whole_or_not_there(tmp_path: Path) -> None:
    make_finding(make_site(), "TLS 1.0")
    out = tmp_path / "constats.csv"

    assert run("findings", "--out", str(out)) == 0

    assert len(rows(out.read_text())) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["constats.csv"]


@pytest.mark.parametrize("arguments", [("prices",), ("findings", "--scope", "999999999")])
def test_what_does_not_exist_is_refused_before_a_line_is_written(
    arguments: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    make_site()

    assert run(*arguments) == 2

    out, err = capsys.readouterr()
    assert out == ""
    assert err.count("\n") == 1


def test_every_table_has_as_many_headings_as_cells() -> None:
    site = make_site()
    make_finding(site, "TLS 1.0")

    for header, read in export._TABLES.values():
        assert {len(row) for row in read(places.ids_below(""))} == {len(header)}


def test_a_code_that_names_nothing_says_so() -> None:
    make_site()

    with pytest.raises(UsageError, match="aucun territoire"):
        places.node_of("nulle part")


def test_an_empty_territory_says_how_to_fill_it() -> None:
    with pytest.raises(UsageError, match="hygie import finess"):
        places.node_of("")
