from __future__ import annotations

import datetime as dt
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from tests.domain.veille.sources import BOX, write_sources
from tests.engines.matching.inventories import by_cpe
from tests.realdata import shared

from hygie.domain.veille.building import NoSourceError, build_corpus
from hygie.domain.veille.corpora import (
    open_corpus,
    prepare_corpus,
    starter_folder,
)
from hygie.domain.veille.sources import sorted_sources
from hygie.engines.corpus.container import CorpusFileError
from hygie.vocabulary.enums import VerdictStatus
from hygie.vocabulary.errors import InputError
from hygie.vocabulary.facts import Component

if TYPE_CHECKING:
    from pathlib import Path

NOW = dt.datetime(2026, 2, 1, tzinfo=dt.UTC)


def test_a_folder_becomes_a_corpus_that_answers(tmp_path: Path) -> None:
    seen: list[tuple[str, int]] = []
    report = build_corpus(
        write_sources(tmp_path / "sources"),
        tmp_path / "corpus.hygie",
        now=NOW,
        progress=lambda name, records: seen.append((name, records)),
    )

    assert [(s.kind, s.records, s.dated) for s in report.sources] == [
        ("cve", 1, "2026-01-15"),
        ("kev", 1, "2026-01-29"),
        ("epss", 2, "2026-01-30"),
    ]
    assert report.epss_unknown == 1
    assert ("cve.jsonl.zst", 1) in seen

    corpus = open_corpus(report.path)
    [row] = corpus.match([by_cpe("box", "1.4")]).rows()
    assert row.verdict.status is VerdictStatus.AFFECTED
    assert row.facts is not None
    assert (row.facts.epss_probability, row.facts.ransomware) == (0.9, True)


def test_a_corpus_says_what_it_is_made_of(tmp_path: Path) -> None:
    build_corpus(write_sources(tmp_path / "s"), tmp_path / "corpus.hygie", now=NOW)
    corpus = open_corpus(tmp_path / "corpus.hygie")

    info = corpus.info()

    assert info.built_at == "2026-02-01T00:00:00+00:00"
    assert info.counts["cve"] == 1
    assert info.sources[0]["name"] == "cve.jsonl.zst"
    assert info.checksum == corpus.identity
    assert corpus.checksum_holds()


def test_each_component_by_itself_and_whether_it_is_known(tmp_path: Path) -> None:
    build_corpus(write_sources(tmp_path / "s"), tmp_path / "corpus.hygie")
    corpus = open_corpus(tmp_path / "corpus.hygie")

    answers = corpus.verdicts([by_cpe("box", "1.4"), by_cpe("box", "2.0"), Component("nobody")])

    assert [(known, len(found)) for known, found in answers] == [(True, 1), (True, 0), (False, 0)]


def test_rows_can_be_those_of_one_cve(tmp_path: Path) -> None:
    build_corpus(write_sources(tmp_path / "s"), tmp_path / "corpus.hygie")
    matching = open_corpus(tmp_path / "corpus.hygie").match([by_cpe("box", "3")])

    rows = list(matching.rows(statuses=frozenset(VerdictStatus), cve_id="CVE-2024-0001"))

    assert [row.verdict.status for row in rows] == [VerdictStatus.NOT_AFFECTED]
    assert list(matching.rows(cve_id="CVE-2024-0002")) == []


def test_a_malformed_document_leaves_the_last_corpus_in_place(tmp_path: Path) -> None:
    out = tmp_path / "corpus.hygie"
    build_corpus(write_sources(tmp_path / "good"), out)
    before = out.read_bytes()

    with pytest.raises(InputError) as caught:
        build_corpus(write_sources(tmp_path / "bad", cve=BOX + "\n{broken"), out)

    assert str(caught.value).startswith("cve.jsonl.zst, ligne 2 : ")
    assert out.read_bytes() == before
    assert [p.name for p in tmp_path.glob(".corpus*")] == []


def test_a_folder_without_source_is_refused(tmp_path: Path) -> None:
    with pytest.raises(NoSourceError):
        build_corpus(tmp_path, tmp_path / "corpus.hygie")
    with pytest.raises(InputError):
        sorted_sources(tmp_path / "nowhere", None)


def test_a_bomb_stops_at_the_bound(tmp_path: Path) -> None:
    sources = write_sources(tmp_path / "s", cve=BOX + '\n{"id":"' + "x" * (17 << 20) + '"}')

    with pytest.raises(InputError) as caught:
        build_corpus(sources, tmp_path / "corpus.hygie")

    assert "cve.jsonl.zst" in str(caught.value)


def test_the_starter_corpus_is_prepared_once(tmp_path: Path) -> None:
    first = prepare_corpus(tmp_path / "corpus.hygie")
    stamp = first.stat().st_mtime_ns
    second = prepare_corpus(tmp_path / "corpus.hygie")

    assert (first, second.stat().st_mtime_ns) == (second, stamp)
    assert first.name.startswith("starter-")
    assert open_corpus(first).info().counts["cve"] > 100
    assert starter_folder().is_dir()


def test_a_corpus_of_the_operator_comes_first(tmp_path: Path) -> None:
    (tmp_path / "corpus.hygie").write_bytes(b"anything")

    assert prepare_corpus(tmp_path / "corpus.hygie") == tmp_path / "corpus.hygie"
    with pytest.raises(CorpusFileError):
        open_corpus(tmp_path / "corpus.hygie")


def test_the_starter_corpus_knows_an_old_gateway(tmp_path: Path) -> None:
    corpus = open_corpus(prepare_corpus(tmp_path / "corpus.hygie"))

    found = corpus.verdicts([Component("FortiGate", "6.0.3", vendor="Fortinet")])[0][1]

    assert "CVE-2018-13379" in {v.cve_id for v in found if v.status is VerdictStatus.AFFECTED}


def test_matching_needs_no_django() -> None:
    code = (
        "import sys, hygie.domain.veille.corpora, hygie.domain.veille.building;"
        "sys.exit('django' in sys.modules)"
    )

    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_the_real_sources_build(tmp_path: Path) -> None:
    folder = shared("cve/cve.jsonl.zst").parent.parent
    report = build_corpus(folder, tmp_path / "corpus.hygie", starter_folder=starter_folder())

    assert report.counts["cve"] > 240_000
    assert report.size_bytes < 120 * 1024 * 1024
    log4j = Component(
        "log4j-core", "2.14.1", purl="pkg:maven/org.apache.logging.log4j/log4j-core@2.14.1"
    )
    [(known, found)] = open_corpus(report.path).verdicts([log4j])
    assert known
    assert "CVE-2021-44228" in {verdict.cve_id for verdict in found}
