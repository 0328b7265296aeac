from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from hygie.domain.veille.building import build_corpus
from hygie.domain.veille.corpora import prepare_corpus, starter_folder
from hygie.jobs.checks.check import Status
from hygie.jobs.checks.corpus import (
    age_status,
    age_words,
    check_corpus,
    check_feeds,
    corpus_age,
    corpus_in,
    source_ages,
)

NOW = dt.datetime(2026, 6, 15, 12, tzinfo=dt.UTC)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("corpus") / "corpus.hygie"
    build_corpus(None, path, starter_folder=starter_folder(), now=NOW)
    return path


def test_without_a_corpus_nothing_can_be_matched(tmp_path: Path) -> None:
    assert corpus_in(tmp_path) is None
    assert check_corpus(tmp_path, now=NOW, whole=False).status is Status.BROKEN
    assert check_feeds(tmp_path, now=NOW).status is Status.UNKNOWN


def test_the_starter_corpus_is_said_to_be_small(tmp_path: Path) -> None:
    prepare_corpus(tmp_path / "corpus.hygie")

    found = check_corpus(tmp_path, now=NOW, whole=True)

    assert found.status is Status.WARNING
    assert "départ" in found.detail


def test_a_fresh_corpus_is_good_and_an_old_one_is_not(made: Path) -> None:
    fresh = check_corpus(made.parent, now=NOW, whole=True)
    old = check_corpus(made.parent, now=NOW + dt.timedelta(days=40), whole=True)

    assert (fresh.status, old.status) == (Status.GOOD, Status.BROKEN)
    assert "40 jours" in old.detail


def test_an_altered_corpus_is_seen_only_by_reading_it_whole(made: Path, tmp_path: Path) -> None:
    data = bytearray(made.read_bytes())
    data[len(data) // 2] ^= 0xFF
    (tmp_path / "corpus.hygie").write_bytes(data)

    assert "SHA-256" in check_corpus(tmp_path, now=NOW, whole=True).detail


@pytest.mark.parametrize("content", [b"", b"not a corpus", b"\0" * 4096])
def test_any_other_file_is_a_failure_of_one_line(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "corpus.hygie").write_bytes(content)

    found = check_corpus(tmp_path, now=NOW, whole=False)

    assert found.status is Status.BROKEN
    assert "\n" not in found.detail
    assert check_feeds(tmp_path, now=NOW).status is Status.UNKNOWN


def test_sources_state_their_day_or_are_left_out() -> None:
    sources = [
        {"name": "kev.json", "dated": "2026-06-10"},
        {"name": "epss.csv", "dated": "2026-06-14T00:00:00Z"},
        {"name": "notes", "dated": ""},
    ]

    ages = source_ages({"sources": sources}, now=NOW)

    assert {name: age.days for name, age in ages.items()} == {"kev.json": 5, "epss.csv": 1}
    assert source_ages({}, now=NOW) == {}


def test_an_age_in_words() -> None:
    assert corpus_age({"built_at": "soon"}, now=NOW) is None
    assert age_words(None) == "âge inconnu"
    assert age_words(dt.timedelta(hours=3)) == "moins d’un jour"
    assert age_words(dt.timedelta(days=1)) == "1 jour"
    assert age_status(None) is Status.WARNING
    assert age_status(dt.timedelta(days=5)) is Status.WARNING
