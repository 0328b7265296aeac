"""One establishment in a round, and a bench whose network and corpus are of this test."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.domain.places import NOW, make_site

from hygie.domain.rounds.actions import open_round
from hygie.domain.rounds.models import Item, Step
from hygie.domain.veille.corpora import open_corpus, prepare_corpus
from hygie.jobs.workbench import Workbench

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from hygie.domain.territory.models import Node
    from hygie.domain.veille.corpora import Corpus


@pytest.fixture(scope="session")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Corpus:
    """The starter corpus, built once."""
    return open_corpus(prepare_corpus(tmp_path_factory.mktemp("corpus") / "corpus.hygie"))


@pytest.fixture
def bench(tmp_path: Path, corpus: Corpus) -> Workbench:
    made = Workbench(home=tmp_path, clock=lambda: NOW, network=lambda _: None)  # type: ignore[arg-type, return-value]
    made.__dict__["corpus"] = corpus
    return made


@pytest.fixture
def site(db: None) -> Node:  # noqa: ARG001 - opens the database
    return make_site()


@pytest.fixture
def item_of(site: Node) -> Callable[[Step], Item]:
    """Return the item of a step of a round over the establishment."""

    def of(step: Step) -> Item:
        turn, _ = open_round(site, [step], actor="essai", now=NOW)
        return turn.items.select_related("node", "round").get()

    return of
