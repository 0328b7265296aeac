from __future__ import annotations

import datetime as dt
import gzip
import json
from typing import TYPE_CHECKING

import httpx
import pytest
from tests.domain.veille.publications import bulletin
from tests.domain.veille.sources import BOX, EPSS, KEV, write_sources
from tests.domain.veille.test_sources import OSV, archive

from hygie.domain.veille.corpora import open_corpus
from hygie.domain.veille.refreshing import (
    check_document,
    chosen,
    refresh,
    refresh_from,
    standing,
)
from hygie.engines.corpus.feeds import Feed
from hygie.engines.corpus.fetching import State
from hygie.vocabulary.errors import InputError, UsageError

if TYPE_CHECKING:
    from pathlib import Path

NOW = dt.datetime(2026, 11, 24, tzinfo=dt.UTC)
BULLETIN = {
    "reference": "CERTFR-2026-AVI-0001",
    "title": "Vulnérabilité dans Box",
    "affected_systems": [
        {
            "description": "Box versions antérieures à 2.0",
            "product": {"name": "Box", "vendor": {"name": "Acme", "scada": False}},
        }
    ],
    "cves": [{"name": "CVE-2024-0001", "url": ""}],
    "revisions": [{"description": "Version initiale", "revision_date": "2026-01-02T00:00:00"}],
}
LISTING = "<rss><link>https://x/avis/CERTFR-2026-AVI-0001/</link></rss>"


def feed(name: str, file: str, **more: str) -> Feed:
    return Feed(name, name, f"https://x.example/{file}", file, ("text/plain",), 1 << 20, **more)


FEEDS = (
    feed("kev", "known_exploited_vulnerabilities.json"),
    feed("epss", "epss_scores-.csv.gz"),
    feed("cve", "cve.jsonl"),
    feed(
        "certfr",
        "certfr.xml",
        references="CERTFR-[0-9]{4}-AVI-[0-9]{3,4}",
        item_url="https://x.example/avis/{reference}/json/",
    ),
)
GOOD = {
    "/known_exploited_vulnerabilities.json": json.dumps(KEV).encode(),
    "/epss_scores-.csv.gz": gzip.compress(EPSS.encode()),
    "/cve.jsonl": BOX.encode(),
    "/certfr.xml": LISTING.encode(),
    "/avis/CERTFR-2026-AVI-0001/json/": json.dumps(BULLETIN).encode(),
}


class Web:
    """Official sites, as a transport answers for them."""

    def __init__(self) -> None:
        self.pages = dict(GOOD)

    def client(self) -> httpx.Client:
        return httpx.Client(transport=httpx.MockTransport(self._answer))

    def _answer(self, request: httpx.Request) -> httpx.Response:
        page = self.pages.get(request.url.path)
        if page is None:
            return httpx.Response(404)
        tag = f'"{hash(page)}"'
        if request.headers.get("If-None-Match") == tag:
            return httpx.Response(304)
        media = "application/json" if request.url.path.endswith("json/") else "text/plain"
        return httpx.Response(
            200,
            stream=httpx.ByteStream(page),
            headers={"Content-Type": media, "ETag": tag, "Content-Length": str(len(page))},
        )


@pytest.fixture
def web() -> Web:
    return Web()


def test_sources_become_the_corpus_in_use_and_are_built_again_only_if_changed(
    web: Web, tmp_path: Path
) -> None:
    with web.client() as client:
        first = refresh(FEEDS, tmp_path, client=client, now=NOW)
        second = refresh(FEEDS, tmp_path, client=client, now=NOW)

    assert [one.state for one in first.fetched] == [State.NEW] * 4
    assert [one.state for one in second.fetched] == [State.SAME] * 4
    assert second.report is None
    info = open_corpus(tmp_path / "corpus.hygie").info()
    assert {source["kind"] for source in info.sources} >= {"cve", "kev", "epss", "certfr"}


def test_a_source_that_breaks_keeps_its_copy_and_the_others_go_on(web: Web, tmp_path: Path) -> None:
    with web.client() as client:
        refresh(FEEDS, tmp_path, client=client, now=NOW)
        web.pages["/known_exploited_vulnerabilities.json"] = b'{"vulnerabilities": ['
        web.pages["/cve.jsonl"] = BOX.replace("0001", "0002").encode()
        done = refresh(FEEDS, tmp_path, client=client, now=NOW)

    assert [one.state for one in done.fetched[:3]] == [State.KEPT, State.SAME, State.NEW]
    assert done.report is not None
    corpus = open_corpus(tmp_path / "corpus.hygie")
    assert corpus.facts(["CVE-2024-0001"])["CVE-2024-0001"].kev_added_on is not None


def test_nothing_reachable_builds_nothing(web: Web, tmp_path: Path) -> None:
    web.pages.clear()
    with web.client() as client:
        done = refresh(FEEDS, tmp_path, client=client, now=NOW)

    assert [one.state for one in done.fetched] == [State.ABSENT] * 4
    assert done.report is None
    assert not (tmp_path / "corpus.hygie").exists()


def test_a_missing_bulletin_is_said_and_asked_for_again(web: Web, tmp_path: Path) -> None:
    page = web.pages.pop("/avis/CERTFR-2026-AVI-0001/json/")
    with web.client() as client:
        broken = refresh(FEEDS[3:], tmp_path, client=client, now=NOW)
        web.pages["/avis/CERTFR-2026-AVI-0001/json/"] = page
        repaired = refresh(FEEDS[3:], tmp_path, client=client, now=NOW)

    assert broken.fetched[0].problem.startswith("CERTFR-2026-AVI-0001.json : ")
    assert repaired.fetched[0].state is State.NEW


def test_a_closed_network_reads_a_folder(tmp_path: Path) -> None:
    folder = write_sources(tmp_path / "usb")
    (folder / "avis.json").write_bytes(bulletin("CERTFR-2099-AVI-0001", "CVE-2024-0001"))

    report = refresh_from(folder, tmp_path / "home", now=NOW)

    kept = sorted(path.name for path in (tmp_path / "home" / "sources").iterdir())
    assert "avis.json" in kept
    assert any("known_exploited" in name for name in kept)
    assert report.path == tmp_path / "home" / "corpus.hygie"
    assert open_corpus(report.path).info().counts["cve"] > 100


def test_the_age_of_each_copy_is_known_without_asking(web: Web, tmp_path: Path) -> None:
    with web.client() as client:
        refresh(FEEDS[:1], tmp_path, client=client, now=NOW)

    kev, epss = standing(FEEDS[:2], tmp_path, now=NOW + dt.timedelta(days=3))

    assert (kev.state, kev.age) == (State.SAME, dt.timedelta(days=3))
    assert (epss.state, epss.age) == (State.ABSENT, None)


def test_sources_are_chosen_by_name() -> None:
    assert [one.id for one in chosen(FEEDS, ["epss"])] == ["epss"]
    assert chosen(FEEDS, []) == FEEDS
    with pytest.raises(UsageError, match="kev, epss"):
        chosen(FEEDS, ["keev"])


def test_an_archive_must_hold_a_document(tmp_path: Path) -> None:
    one = feed("csaf", "all.tar.zst")
    check_document(archive(tmp_path / "all.tar.zst", one=json.dumps(OSV).encode()), one)

    with pytest.raises(InputError, match="aucun document"):
        check_document(archive(tmp_path / "all.tar.zst", one=b"{}"), one)


@pytest.mark.parametrize(
    ("file", "content"),
    [
        ("known_exploited_vulnerabilities.json", b"<html>"),
        ("epss_scores-.csv.gz", gzip.compress(EPSS.encode())[:-9]),
        ("cve.jsonl", BOX[:-5].encode()),
        ("certfr.xml", b"<rss></rss>"),
    ],
)
def test_half_a_document_is_refused(tmp_path: Path, file: str, content: bytes) -> None:
    [one] = [one for one in FEEDS if one.file == file]
    (tmp_path / file).write_bytes(content)

    with pytest.raises(InputError):
        check_document(tmp_path / file, one)
