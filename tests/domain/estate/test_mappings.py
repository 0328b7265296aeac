from __future__ import annotations

import pytest
from tests.domain.places import NOW, make_site

from hygie.domain.estate.actions import save_mapping
from hygie.domain.estate.mappings import columns_for, mapping_named
from hygie.engines.exchange.tabular import parse_table
from hygie.vocabulary.errors import UsageError

TABLE = parse_table("Domaine;Libellé;Autre\n".encode(), source="x")


def test_columns_are_suggested() -> None:
    assert columns_for("domains", TABLE, saved=None, chosen={}) == {
        "name": "Domaine",
        "label": "Libellé",
    }


def test_a_column_given_by_hand_wins_and_leaves_its_former_field() -> None:
    chosen = {"label": "Domaine", "name": "Autre"}

    assert columns_for("domains", TABLE, saved=None, chosen=chosen) == {
        "label": "Domaine",
        "name": "Autre",
    }


def test_an_empty_column_takes_the_field_away() -> None:
    assert columns_for("domains", TABLE, saved=None, chosen={"label": ""}) == {"name": "Domaine"}


def test_an_unknown_field_names_those_that_exist() -> None:
    with pytest.raises(UsageError, match="name, label, finess"):
        columns_for("domains", TABLE, saved=None, chosen={"colour": "Autre"})


@pytest.mark.django_db
def test_a_saved_mapping_is_found_again_at_its_place_only() -> None:
    site, other = make_site("Ici"), make_site("Ailleurs")
    save_mapping(site, "domains", "DNS", {"name": "Autre"}, actor="x", now=NOW)

    saved = mapping_named(site, "DNS")

    assert columns_for("domains", TABLE, saved=saved, chosen={}) == {"name": "Autre"}
    with pytest.raises(UsageError, match="aucune"):
        mapping_named(other, "DNS")
    with pytest.raises(UsageError, match="enregistrées : DNS"):
        mapping_named(site, "dns")


@pytest.mark.django_db
def test_a_name_for_two_kinds_asks_which() -> None:
    site = make_site()
    for kind in ("domains", "devices"):
        save_mapping(site, kind, "X", {}, actor="x", now=NOW)

    with pytest.raises(UsageError, match="devices, domains"):
        mapping_named(site, "X")
    assert mapping_named(site, "X", kind="devices").kind == "devices"
