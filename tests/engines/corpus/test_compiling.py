from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest
from tests.engines.corpus.records_of import all_of, any_of, cpe, line, matches

from hygie.engines.corpus.axis import Axis
from hygie.engines.corpus.columns import Table
from hygie.engines.corpus.compiling import Compiler
from hygie.engines.corpus.conditions import NO_CONDITION, Conditions
from hygie.engines.corpus.container import CorpusFileError, write_container
from hygie.engines.corpus.cve_lines import parse_cve_line
from hygie.engines.corpus.facts import FactsBuilder, cve_key
from hygie.engines.corpus.intervals import interval_of
from hygie.engines.corpus.kev import KevEntry
from hygie.engines.corpus.opened import SCHEMAS, CorpusFile
from hygie.engines.corpus.records import (
    NO_ATTRIBUTES,
    Clause,
    CorpusFormatError,
    Criterion,
    CveRecord,
    Span,
    Statement,
    parse_date,
)
from hygie.engines.corpus.severity import base_score, impact_from_vector
from hygie.engines.corpus.tables import STATEMENT_SCHEMA
from hygie.engines.matching import versions
from hygie.vocabulary.enums import Exploitation, TechnicalImpact

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from hygie.vocabulary.facts import Json

KEV = KevEntry(
    cve_id="CVE-2024-0001",
    added_on=dt.date(2024, 4, 2),
    ransomware=True,
    vendor="Acme",
    product="Box",
    description="Exploited.",
)


def compiled(*lines: str, kev: tuple[KevEntry, ...] = ()) -> Mapping[str, Table]:
    compiler = Compiler(versions)
    for text in lines:
        compiler.add_record(parse_cve_line(text))
    for entry in kev:
        compiler.add_kev(entry)
    return compiler.tables()


def opened(tables: Mapping[str, Table], folder: Path) -> CorpusFile:
    write_container(folder / "corpus.hygie", tables, {})
    return CorpusFile.open(folder / "corpus.hygie")


def test_tables_have_their_documented_columns() -> None:
    tables = compiled(line(configurations=[any_of(matches(cpe("box", "1.0")))]))

    assert {name: table.schema for name, table in tables.items()} == SCHEMAS
    assert tables["statement"].schema == STATEMENT_SCHEMA


def test_an_empty_corpus_compiles_and_opens(tmp_path: Path) -> None:
    corpus = opened(compiled(), tmp_path)

    assert corpus.facts(["CVE-2024-0001"]) == {}


def test_bounds_take_ascending_positions() -> None:
    axis = Axis()
    spans = [Span(start="2", end="3"), Span(exact="1"), Span(end="2", end_closed=True)]
    codes = [axis.codes(0, interval_of(span, "npm", versions)) for span in spans]

    placed = axis.place([0])
    low, high = (placed.positions(_column(codes, side), _column([(0,)] * 3, 0)) for side in (0, 1))

    assert placed.texts == ["1", "2", "3"]
    assert low.tolist() == [3, 1, 0]
    assert high.tolist() == [5, 2, 4]


def _column(rows: list[tuple[int, ...]], at: int) -> object:
    import numpy as np

    return np.array([row[at] for row in rows])


def test_the_same_statement_twice_is_one_row() -> None:
    once = line(configurations=[any_of(matches(cpe("box", "1.0")))])
    twice = line(configurations=[any_of(matches(cpe("box", "1.0")), matches(cpe("box", "1.00")))])

    assert compiled(once)["statement"].num_rows == compiled(twice)["statement"].num_rows == 1


def test_conditions_are_kept_once() -> None:
    seen: list[Criterion] = []

    def partner(criterion: Criterion) -> tuple[int, int, int, int] | None:
        seen.append(criterion)
        return (0, 0, 0, 0)

    conditions = Conditions(partner)
    clause = Clause((Criterion("a/b", "h", "", Span()),))

    assert conditions.number(()) == NO_CONDITION
    assert conditions.number((clause,)) == conditions.number((clause,)) == 1
    assert conditions.number((Clause(clause.criteria),)) == 1
    assert len(seen) == 1


def test_a_condition_survives_compilation() -> None:
    tables = compiled(
        line(
            configurations=[
                all_of(
                    any_of(matches(cpe("firmware", "1.0", part="o"))),
                    any_of(matches(cpe("device", "-", part="h"), vulnerable=False)),
                )
            ]
        )
    )

    assert tables["condition"]["clauses"].to_pylist() == [[], [0]]
    assert tables["partner"].num_rows == 1


@pytest.mark.parametrize(
    ("unreadable", "rows"),
    [
        (matches(cpe("box", "gold")), 1),
        (matches(cpe("box"), versionEndExcluding="71921690f974"), 1),
        (matches(cpe("box"), versionEndExcluding="publication"), 2),
    ],
)
def test_words_and_commits_count_only_where_nothing_is_decided(
    unreadable: dict[str, Json], rows: int
) -> None:
    alone = compiled(line(configurations=[any_of(unreadable)]))
    beside = compiled(line(configurations=[any_of(unreadable, matches(cpe("box", "1.0")))]))

    assert any("illisible" in note for note in alone["context"]["note"].to_pylist())
    assert beside["statement"].num_rows == rows


@pytest.mark.parametrize(
    "unreadable", [Span(exact="gold"), Span(note="versions écrites en texte libre")]
)
def test_a_line_of_an_advisory_counts_whatever_the_other_lines_decide(unreadable: Span) -> None:
    first = Statement(
        "acme/box", "*", NO_ATTRIBUTES, "generic", (Span(end="2"),), "csaf:acme", document="A-1"
    )
    compiler = Compiler(versions)
    second = first._replace(spans=(unreadable,))
    compiler.add_record(CveRecord("CVE-2024-0001", statements=(first, second)))

    notes = compiler.tables()["context"]["note"].to_pylist()
    assert len(notes) == 2
    assert any(note for note in notes)


def test_what_is_said_of_several_versions_is_said_once() -> None:
    spans = (Span(end="1", note="peut-être"), Span(end="2", note="peut-être"), Span(note="autre"))
    statement = Statement(
        "acme/box", "*", NO_ATTRIBUTES, "generic", spans, "certfr", document="AVI-1"
    )
    compiler = Compiler(versions)
    compiler.add_record(CveRecord("CVE-2024-0001", statements=(statement,)))

    assert compiler.tables()["statement"].num_rows == 2


def test_an_unreadable_end_leaves_what_lies_before_the_start_decided() -> None:
    ranged = matches(cpe("box"), versionStartIncluding="16.0", versionEndExcluding="publication")

    tables = compiled(line(configurations=[any_of(ranged)]))

    assert tables["bound"]["text"].to_pylist() == ["16.0"]
    assert tables["statement"]["low"].to_pylist() == [1]


def test_facts_come_back(tmp_path: Path) -> None:
    text = line(
        description="A flaw.",
        cvss={"v3": {"vector": "CVSS:3.1/C:H/I:H/A:H", "score": 9.8}},
        published="2024-03-01",
    )
    compiler = Compiler(versions)
    compiler.add_record(parse_cve_line(text))
    compiler.add_kev(KEV)
    compiler.add_kev(KEV._replace(cve_id="CVE-2024-0002", ransomware=None))
    assert compiler.add_epss("CVE-2024-0001", 0.97345)
    assert not compiler.add_epss("CVE-2024-0003", 0.5)

    facts = opened(compiler.tables(), tmp_path).facts(
        ["CVE-2024-0002", "CVE-2024-0001", "CVE-2024-0003", "CVE-2024-0001"]
    )

    assert sorted(facts) == ["CVE-2024-0001", "CVE-2024-0002"]
    one = facts["CVE-2024-0001"]
    assert (one.cvss_score, one.epss_probability, one.ransomware) == (9.8, 0.97345, True)
    assert one.exploitation is Exploitation.ACTIVE
    assert one.technical_impact is TechnicalImpact.TOTAL
    assert one.kev_added_on == dt.date(2024, 4, 2)
    assert one.published_on == dt.date(2024, 3, 1)
    assert one.sources == ("kev", "nvd-1.1-2024")
    assert facts["CVE-2024-0002"].description == "Exploited."


def test_descriptions_of_many_blocks_come_back_in_place(tmp_path: Path) -> None:
    ids = [f"CVE-2024-{number:04}" for number in range(1, 200)]
    lines = [line(cve_id, description=f"About {cve_id}.") for cve_id in reversed(ids)]

    facts = opened(compiled(*lines), tmp_path).facts(ids[::7])

    assert all(facts[cve_id].description == f"About {cve_id}." for cve_id in ids[::7])


def test_an_exploited_cve_without_versions_names_its_product_undecided() -> None:
    tables = compiled(kev=(KEV,))

    assert tables["product"]["identity"].to_pylist() == ["acme/box"]
    assert tables["context"]["note"].to_pylist() != [""]


def test_our_own_texts_speak_first() -> None:
    builder = FactsBuilder()
    builder.add(CveRecord("CVE-2024-0001", "English.", source="cve-record"))
    builder.add(CveRecord("CVE-2024-0001", "Français.", source="starter"))

    _, text = builder.tables(builder.order())

    assert len(builder) == 1
    assert text["bytes"].to_pylist() == [len("Français.".encode())]


def test_cve_numbers_sort_as_numbers() -> None:
    ids = ["CVE-1999-0001", "CVE-2024-0999", "CVE-2024-10000", "CVE-2025-0001"]

    assert [cve_key(cve_id) for cve_id in ids] == sorted(map(cve_key, ids))
    with pytest.raises(CorpusFormatError):
        cve_key("CVE-2024-" + "9" * 19)


def test_a_file_of_other_tables_is_refused(tmp_path: Path) -> None:
    tables = dict(compiled())
    del tables["alias"]

    with pytest.raises(CorpusFileError, match="alias"):
        opened(tables, tmp_path)


@pytest.mark.parametrize(
    ("vector", "impact"),
    [
        ("", None),
        ("CVSS:3.1/AV:N/C:H/I:H/A:H", TechnicalImpact.TOTAL),
        ("CVSS:3.1/AV:N/C:H/I:H/A:L", TechnicalImpact.PARTIAL),
        ("AV:N/AC:L/Au:N/C:C/I:C/A:C", TechnicalImpact.TOTAL),
        ("CVSS:4.0/AV:N/VC:H/VI:H/VA:H/SC:N", TechnicalImpact.TOTAL),
    ],
)
def test_impact_follows_from_the_vector(vector: str, impact: TechnicalImpact | None) -> None:
    assert impact_from_vector(vector) is impact


def test_scores_follow_from_the_vector() -> None:
    assert base_score("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H") == 9.8
    assert base_score("AV:N/AC:L/Au:N/C:N/I:N/A:P") == 5.0
    with pytest.raises(CorpusFormatError):
        base_score("CVSS:3.1/nothing")


def test_dates_are_read_at_the_head_of_a_text() -> None:
    assert parse_date("2024-03-01T00:00:00Z") == dt.date(2024, 3, 1)
