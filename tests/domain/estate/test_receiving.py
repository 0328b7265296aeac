"""A file and the body of a call are read by the same rules."""

from __future__ import annotations

import pytest
from tests.domain.places import make_node, make_site

from hygie.domain.estate.lines import describe
from hygie.domain.estate.models import Mapping
from hygie.domain.estate.receiving import kind_of, read_rows
from hygie.domain.territory.models import Kind
from hygie.engines.exchange.tabular import Table, TableFormatError, parse_table
from hygie.vocabulary.errors import UsageError

pytestmark = pytest.mark.django_db


def table(text: str) -> Table:
    return parse_table(text.encode(), source="parc.csv", max_rows=100)


def test_a_kind_is_told_or_recognised() -> None:
    node, domains = make_site(), table("domaine\nch.example\n")

    assert kind_of(node, domains, kind="applications") == ("applications", None)
    assert kind_of(node, domains) == ("domains", None)


def test_a_saved_mapping_says_its_kind_and_its_columns() -> None:
    node = make_site()
    saved = Mapping.objects.create(node=node, kind="domains", name="dsi", columns={"name": "Zone"})
    rows = table("Zone\nch.example\n")

    assert kind_of(node, rows, mapping="dsi") == ("domains", saved)
    incoming, columns = read_rows(node, rows, "domains", source="parc.csv", saved=saved)
    assert [line.name for line in incoming.lines] == ["ch.example"]
    assert columns["name"] == "Zone"
    with pytest.raises(UsageError):
        kind_of(node, rows, mapping="autre")


def test_rows_of_others_are_left_aside() -> None:
    nation = make_node(Kind.NATION, "Nation")
    entity = make_node(Kind.EJ, "EJ", above=(nation,))
    node = make_node(Kind.ET, "ET", above=(nation, entity))
    for one, code in ((entity, "990000101"), (node, "990100109")):
        one.code = code
        one.save()
    text = "domaine;finess\na.example;990100109\nb.example;990000101\nc.example;990000200\n"

    incoming, _ = read_rows(node, table(text), "domains", source="parc.csv")

    assert {line.name for line in incoming.lines} == {"a.example", "b.example"}
    assert incoming.elsewhere == 1


def test_a_column_that_is_missing_is_said() -> None:
    with pytest.raises(TableFormatError):
        read_rows(make_site(), table("x;y\n1;2\n"), "domains", source="parc.csv")


@pytest.mark.parametrize("part", ["", "Feuille 1", "x" * 250])
def test_the_name_of_a_document_fits(part: str) -> None:
    found = describe("n" * 300, "0" * 64, kind="sbom", part=part)

    assert len(found.name) <= 200
    assert found.sha256 == "0" * 64
