from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest
from tests.domain.veille.sources import write_sources
from tests.engines.corpus.records_of import all_of, any_of, cpe, line, matches
from tests.engines.matching.inventories import by_cpe

from hygie.domain.estate.products import record_products
from hygie.domain.veille.actions import match_products
from hygie.domain.veille.building import build_corpus
from hygie.domain.veille.corpora import Corpus, open_corpus
from hygie.domain.veille.models import Match
from hygie.domain.veille.queries import affecting, affecting_together
from hygie.vocabulary.enums import VerdictStatus

if TYPE_CHECKING:
    from pathlib import Path

    from hygie.domain.estate.models import Product
    from hygie.vocabulary.facts import Component

pytestmark = pytest.mark.django_db

NOW = dt.datetime(2026, 2, 1, tzinfo=dt.UTC)
FIRMWARE, DEVICE = by_cpe("firmware", "1.0", part="o"), by_cpe("device", "-", part="h")
LINES = (
    line(
        configurations=[
            all_of(
                any_of(matches(cpe("firmware", "1.0", part="o"))),
                any_of(matches(cpe("device", "-", part="h"), vulnerable=False)),
            )
        ]
    ),
    line("CVE-2024-0002", configurations=[any_of(matches(cpe("firmware", part="o")))]),
)


@pytest.fixture
def corpus(tmp_path: Path) -> Corpus:
    sources = write_sources(tmp_path / "s", cve="\n".join(LINES))
    return open_corpus(build_corpus(sources, tmp_path / "corpus.hygie").path)


def recorded(*components: Component, corpus: Corpus) -> list[Product]:
    products = list(record_products(components).values())
    match_products(products, corpus, now=NOW)
    return products


def test_a_product_by_itself_is_affected_by_what_needs_nothing_else(corpus: Corpus) -> None:
    [firmware] = recorded(FIRMWARE, corpus=corpus)

    assert [m.cve_id for m in affecting([firmware])[firmware.pk]] == ["CVE-2024-0002"]
    assert affecting_together([firmware], corpus) == affecting([firmware])


def test_a_condition_is_decided_by_what_the_establishment_runs_besides(corpus: Corpus) -> None:
    products = recorded(FIRMWARE, DEVICE, corpus=corpus)
    [firmware] = [product for product in products if product.name == "firmware"]

    found = affecting_together(products, corpus)[firmware.pk]

    assert sorted(match.cve_id for match in found) == ["CVE-2024-0001", "CVE-2024-0002"]
    [decided] = [match for match in found if match.cve_id == "CVE-2024-0001"]
    assert decided.status == VerdictStatus.AFFECTED
    assert decided.reason == (
        "1.0 = 1.0 (NVD), seulement avec acme/device, présent dans l’inventaire"
    )


def test_what_one_establishment_decides_is_not_kept_for_the_others(corpus: Corpus) -> None:
    affecting_together(recorded(FIRMWARE, DEVICE, corpus=corpus), corpus)

    assert Match.objects.get(cve_id="CVE-2024-0001").status == VerdictStatus.UNKNOWN
