from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest
from tests.domain.veille.sources import write_sources
from tests.engines.corpus.records_of import all_of, any_of, cpe, line, matches
from tests.engines.matching.inventories import by_cpe

from hygie.domain.estate.products import product_key, record_products
from hygie.domain.veille.actions import match_products
from hygie.domain.veille.building import build_corpus
from hygie.domain.veille.corpora import Corpus, open_corpus
from hygie.domain.veille.models import Match
from hygie.domain.veille.queries import (
    ELSEWHERE,
    ELSEWHERE_CONFIDENCE,
    Running,
    affecting,
    affecting_together,
    unsettled,
)
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
    kept = record_products(components)
    products = [kept[product_key(component)] for component in components]
    match_products(products, corpus, now=NOW)
    return products


def test_a_product_by_itself_is_affected_by_what_needs_nothing_else(corpus: Corpus) -> None:
    [firmware] = recorded(FIRMWARE, corpus=corpus)

    assert [m.cve_id for m in affecting([firmware])[firmware.pk]] == ["CVE-2024-0002"]
    assert [m.cve_id for m in unsettled([firmware])[firmware.pk]] == ["CVE-2024-0001"]
    assert together(corpus, pump=[firmware]) == {("firmware", "pump"): ["CVE-2024-0002"]}


def test_a_condition_is_decided_by_what_is_on_the_same_asset(corpus: Corpus) -> None:
    firmware, device = recorded(FIRMWARE, DEVICE, corpus=corpus)

    found = affecting_together([Running(firmware, "pump"), Running(device, "pump")], corpus)

    decided = conditional(found[firmware.pk, "pump"])
    assert decided.status == VerdictStatus.AFFECTED
    assert decided.confidence == 1.0
    assert decided.reason == (
        "1.0 = 1.0 (NVD), seulement avec acme/device, présent dans l’inventaire"
    )


def test_an_asset_described_by_one_product_is_doubted_when_the_other_is_elsewhere(
    corpus: Corpus,
) -> None:
    firmware, device = recorded(FIRMWARE, DEVICE, corpus=corpus)

    found = affecting_together([Running(firmware, "pump"), Running(device, "store")], corpus)

    decided = conditional(found[firmware.pk, "pump"])
    assert decided.confidence == ELSEWHERE_CONFIDENCE
    assert decided.reason.endswith(ELSEWHERE)


def test_an_asset_described_by_several_products_answers_for_itself(corpus: Corpus) -> None:
    firmware, device, other = recorded(
        FIRMWARE, DEVICE, by_cpe("other", "1.0", part="a"), corpus=corpus
    )

    found = together(corpus, pump=[firmware, other], store=[device])

    assert found == {("firmware", "pump"): ["CVE-2024-0002"]}


def test_two_assets_with_the_same_product_are_answered_apart(corpus: Corpus) -> None:
    firmware, device, other = recorded(
        FIRMWARE, DEVICE, by_cpe("other", "1.0", part="a"), corpus=corpus
    )

    found = together(corpus, pump=[firmware, device], spare=[firmware, other])

    assert found == {
        ("firmware", "pump"): ["CVE-2024-0001", "CVE-2024-0002"],
        ("firmware", "spare"): ["CVE-2024-0002"],
    }


def test_what_one_establishment_decides_is_not_kept_for_the_others(corpus: Corpus) -> None:
    firmware, device = recorded(FIRMWARE, DEVICE, corpus=corpus)

    affecting_together([Running(firmware, "pump"), Running(device, "pump")], corpus)

    assert Match.objects.get(cve_id="CVE-2024-0001").status == VerdictStatus.UNKNOWN


def together(corpus: Corpus, **places: list[Product]) -> dict[tuple[str, str], list[str]]:
    """Return the CVEs by (product name, place) of what these places run."""
    running = [Running(one, place) for place, products in places.items() for one in products]
    names = {one.product.pk: one.product.name for one in running}
    return {
        (names[pk], place): sorted(match.cve_id for match in matches)
        for (pk, place), matches in affecting_together(running, corpus).items()
    }


def conditional(matches: list[Match]) -> Match:
    [found] = [match for match in matches if match.cve_id == "CVE-2024-0001"]
    return found
