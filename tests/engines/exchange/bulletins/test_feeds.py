from __future__ import annotations

import json

import feedparser
import pytest
from tests.engines.exchange.bulletins.samples import bulletin

from hygie.engines.exchange.bulletins.feeds import Feed, write_atom, write_json_feed

WITHDRAWN = bulletin(number="ESSAI-2026-BUL-002", withdrawn=True, flaws=())
FEED = Feed(
    title="Alertes d’essai",
    author="Centre d’essai",
    url="https://hygie.example/alertes.atom",
    home_url="https://hygie.example/alertes/",
    bulletins=(bulletin(), WITHDRAWN),
)


def test_an_independent_reader_finds_each_bulletin() -> None:
    read = feedparser.parse(write_atom(FEED))

    assert not read.bozo
    assert read.version == "atom10"
    assert read.feed.updated == "2026-11-20T15:00:00.000Z"
    first, second = read.entries
    assert first.title == "ESSAI-2026-ALE-001 : Faille exploitée dans Passerelle"
    assert first.link == bulletin().url
    assert {tag.term for tag in first.tags} == {"CVE-2026-99901", "CVE-2026-99902", "TLP:GREEN"}
    assert second.title.endswith("(retiré)")
    assert first.id != second.id


def test_the_json_feed_says_the_same() -> None:
    read = json.loads(write_json_feed(FEED))

    assert read["version"] == "https://jsonfeed.org/version/1.1"
    assert [item["title"] for item in read["items"]] == [
        entry.title for entry in feedparser.parse(write_atom(FEED)).entries
    ]


@pytest.mark.parametrize("bulletins", [(), (bulletin(title="a\x07<b>&", summary="\x00"),)])
def test_empty_lists_and_odd_characters_stay_well_formed(bulletins: tuple[object, ...]) -> None:
    feed = Feed("t", "a", "https://u.example", "https://h.example", bulletins)  # type: ignore[arg-type]

    read = feedparser.parse(write_atom(feed))

    assert not read.bozo
    assert len(read.entries) == len(bulletins)
