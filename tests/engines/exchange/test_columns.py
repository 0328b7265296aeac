from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hygie.engines.exchange.columns import (
    loose_name,
    require_columns,
    safe_cell,
    suggest_mapping,
)
from hygie.engines.exchange.table_document import TableFormatError

WANTED = {"vendor": ("éditeur", "fournisseur"), "version": (), "name": ("nom", "libellé")}


@pytest.mark.parametrize("text", ["Libellé_court", "LIBELLE COURT", " libelle-court "])
def test_names_compare_without_accents_case_or_punctuation(text: str) -> None:
    assert loose_name(text) == "libellecourt"


def test_columns_are_found_under_their_synonyms() -> None:
    mapping = suggest_mapping(["EDITEUR", "N° de version", "Nom", "Version"], WANTED)

    assert mapping == {"vendor": "EDITEUR", "name": "Nom", "version": "Version"}


def test_the_better_synonym_wins_and_a_column_serves_once() -> None:
    wanted = {"vendor": ("fabricant", "marque"), "brand": ("marque", "fabricant")}

    assert suggest_mapping(["Marque", "Fabricant"], wanted) == {
        "vendor": "Fabricant",
        "brand": "Marque",
    }


def test_missing_columns_are_told_in_one_line_with_those_found() -> None:
    with pytest.raises(
        TableFormatError,
        match=r"x\.csv : colonnes manquantes : name ; colonnes trouvées : Version, Hôte",
    ):
        require_columns(
            {"version": "Version"}, ["name", "version"], header=["Version", "Hôte"], source="x.csv"
        )
    with pytest.raises(TableFormatError, match="manquantes : Disparue"):
        require_columns({"name": "Disparue"}, ["name"], header=["Nom"], source="x.csv")


@pytest.mark.parametrize("text", ["=1+1", "+cmd", "-cmd|' /C calc'!A0", "@SUM(1)", "\t=1", " =1"])
def test_a_formula_is_disarmed(text: str) -> None:
    assert safe_cell(text) == f"'{text}"


@pytest.mark.parametrize("text", ["", "CH d’exemple", "-12,5", "+33 1 23 45 67 89", "a=b"])
def test_other_text_is_left_as_it_is(text: str) -> None:
    assert safe_cell(text) == text


@given(st.text())
def test_a_safe_cell_is_safe_for_good(text: str) -> None:
    assert safe_cell(safe_cell(text)) == safe_cell(text)
