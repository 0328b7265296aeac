from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from tests.domain.places import NOW
from tests.domain.veille.publications import bulletin

from hygie.domain.rounds.models import Item
from hygie.domain.veille.models import Advisory
from hygie.domain.veille.refreshing import Refreshed
from hygie.engines.corpus.feeds import official_feeds
from hygie.engines.corpus.fetching import Fetched, State
from hygie.jobs.steps.refresh import Refresh
from hygie.jobs.workbench import Workbench

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.django_db


def turn(bench: Workbench) -> tuple[Item, dict[str, int]]:
    item = Item()
    [(same, gathered)] = Refresh().gather([item], bench)
    assert same is item
    return item, Refresh().write(item, gathered, bench)


def test_refreshing_says_how_many_vulnerabilities_are_known(bench: Workbench) -> None:
    _, found = turn(bench)

    assert found == {"cves": len(bench.corpus.tables["cve"]), "advisories": 0, "refused": 0}
    assert found["cves"] > 100


def test_what_came_with_the_sources_is_taken_in_and_a_source_that_fails_is_told(
    bench: Workbench,
) -> None:
    feed = official_feeds(on=NOW.date())[0]

    def fetch(home: Path, now: dt.datetime) -> Refreshed:
        assert now == NOW
        (home / "sources").mkdir()
        (home / "sources" / "a.json").write_bytes(bulletin())
        failed = Fetched(feed, State.KEPT, home / "x", 0, None, "le serveur répond 500")
        return Refreshed((failed,), None)

    fetching = replace(bench, fetch=fetch)
    fetching.__dict__["corpus"] = bench.corpus

    item, found = turn(fetching)

    assert item.note == f"{feed.id} : le serveur répond 500"
    assert found["advisories"] == 1
    assert Advisory.objects.get().reference == "CERTFR-2099-AVI-0001"


def test_a_corpus_replaced_by_another_process_is_opened_anew(tmp_path: Path) -> None:
    made = Workbench(home=tmp_path, clock=lambda: NOW, network=lambda _: None)  # type: ignore[arg-type, return-value]
    first = made.corpus
    made.renew()
    assert made.corpus is first

    path = first.info().path
    copy = path.with_name("copy.hygie")
    copy.write_bytes(path.read_bytes())
    copy.replace(path)
    made.renew()

    assert made.corpus is not first
