from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hygie.domain.estate.incoming import KINDS, Incoming, guess_kind, read_inventory
from hygie.engines.exchange.estate import ESTATE_COLUMNS, suggest_columns
from hygie.engines.exchange.tabular import parse_table
from hygie.vocabulary.errors import InputError, UsageError

HERE, ELSEWHERE = "990000101", "990000093"


def read(kind: str, *rows: str) -> Incoming:
    table = parse_table("\n".join(rows).encode(), source="parc.csv")
    return read_inventory(
        table, kind, suggest_columns(kind, table), source="parc.csv", finess={HERE}
    )


@pytest.mark.parametrize(
    ("header", "kind"),
    [
        ("Domaine;Libellé", "domains"),
        ("Adresse IP;Usage", "addresses"),
        ("Application;Éditeur;Version;Criticité", "applications"),
        ("Fabricant;Modèle;Version;Nombre", "devices"),
        ("Logiciel;Éditeur;Version;Poste", "software"),
    ],
)
def test_the_columns_tell_the_kind(header: str, kind: str) -> None:
    assert guess_kind(parse_table(f"{header}\n".encode(), source="x")) == kind


@pytest.mark.parametrize("header", ["Couleur;Taille", "Logiciel;Éditeur;Version"])
def test_a_doubt_on_the_kind_asks_for_it(header: str) -> None:
    with pytest.raises(UsageError, match="dites laquelle"):
        guess_kind(parse_table(f"{header}\n".encode(), source="x"))


def test_a_device_keeps_what_its_row_says() -> None:
    [line] = read(
        "devices",
        "nom;fabricant;modèle;version;criticité;nombre;local",
        "Pompe;Exemple SA;P1;2.4;vitale;3;Réanimation",
    ).lines

    assert (line.kind, line.name, line.vendor, line.model) == (
        "device",
        "Pompe",
        "Exemple SA",
        "P1",
    )
    assert (line.version, line.criticality, line.quantity) == ("2.4", "vital", 3)
    assert line.service == "Réanimation"


def test_a_device_without_a_name_is_called_by_maker_and_model() -> None:
    [line] = read("devices", "fabricant;modèle", "Exemple SA;P1").lines

    assert line.name == "Exemple SA P1"


def test_equal_devices_are_one_asset_and_their_quantities_add() -> None:
    [line] = read("devices", "fabricant;modèle;nombre", "E;P1;2", "E;P1;3").lines

    assert line.quantity == 5


def test_one_name_at_two_places_is_two_assets_that_say_where() -> None:
    names = [
        line.name
        for line in read(
            "devices", "fabricant;modèle;version;local", "E;P1;2;Bloc", "E;P1;2;Urgences"
        ).lines
    ]

    assert names == ["E P1 (Bloc)", "E P1 (Urgences)"]


def test_merged_rows_keep_the_worst_criticality() -> None:
    [line] = read(
        "devices", "fabricant;modèle;criticité", "E;P;support", "E;P;vital", "E;P;important"
    ).lines

    assert line.criticality == "vital"


def test_software_on_a_host_is_a_machine_with_components() -> None:
    [line] = read("software", "produit;version;hôte", "openssl;3.0;srv-1", "nginx;1.20;srv-1").lines

    assert (line.kind, line.name, line.quantity) == ("system", "srv-1", 1)
    assert [(c.name, c.version) for c in line.components] == [("openssl", "3.0"), ("nginx", "1.20")]


def test_software_without_a_host_is_an_application_and_keeps_its_identifiers() -> None:
    [line] = read("software", "produit;version;purl", "lodash;4.17.20;pkg:npm/lodash@4.17.20").lines

    [own] = line.products
    assert (line.kind, own.purl) == ("application", "pkg:npm/lodash@4.17.20")


def test_a_row_of_another_establishment_is_left_aside_and_counted() -> None:
    incoming = read(
        "domains",
        "domaine;finess et",
        f"ici.example;{HERE}",
        f"ailleurs.example;{ELSEWHERE}",
        "sans.example;",
    )

    assert [line.name for line in incoming.lines] == ["ici.example", "sans.example"]
    assert (incoming.rows, incoming.elsewhere, incoming.problem_count) == (2, 1, 0)


def test_a_bad_row_is_a_problem_with_its_line_and_the_others_stay() -> None:
    incoming = read("domains", "domaine", "bon.example", "https://pas-bon.example/")

    [problem] = incoming.problems
    assert (problem.line, problem.column) == (3, "domaine")
    assert [line.name for line in incoming.lines] == ["bon.example"]


def test_a_name_too_long_once_told_apart_is_a_problem() -> None:
    long = "x" * 193
    incoming = read("applications", "application;version;pôle", f"{long};1;A", f"{long};12345678;B")

    assert incoming.problem_count == 1
    assert "abrégez" in incoming.problems[0].message


_cells = st.text(alphabet=st.characters(blacklist_characters=';"\r\n'), max_size=12)


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(KINDS), st.lists(st.lists(_cells, max_size=9), max_size=8))
def test_any_row_is_an_asset_or_a_problem(kind: str, rows: list[list[str]]) -> None:
    header = ";".join(ESTATE_COLUMNS[kind])
    text = "\n".join([header, *(";".join(row) for row in rows)])
    try:
        table = parse_table(text.encode("utf-8", "surrogatepass"), source="x")
    except InputError:
        return
    incoming = read_inventory(table, kind, suggest_columns(kind, table), source="x", finess={HERE})

    keys = [line.key for line in incoming.lines]
    assert len(keys) == len(set(keys))
    assert all(1 <= len(line.name) <= 200 for line in incoming.lines)
