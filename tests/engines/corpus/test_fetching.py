from __future__ import annotations

import datetime as dt
import gzip
import hashlib
import json
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.engines.corpus.faulty_server import Served, serving

from hygie.engines.corpus.copies import Copy, Origin
from hygie.engines.corpus.feeds import Feed, feeds_from, official_feeds
from hygie.engines.corpus.fetching import Fetched, State, fetch_feed, open_client, outcome
from hygie.referentials.reading import parse_document
from hygie.referentials.section import ReferentialError
from hygie.vocabulary.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterator

NOW = dt.datetime(2026, 11, 24, 12, tzinfo=dt.UTC)
LATER = NOW + dt.timedelta(hours=3)
DOCUMENT = json.dumps({"entries": list(range(2000))}).encode()


@pytest.fixture
def served() -> Iterator[Served]:
    with serving(Served(body=DOCUMENT)) as one:
        yield one


def feed(served: Served, **changes: object) -> Feed:
    given_ = {"digest": "", "max_bytes": 100_000, "media": ("application/json",)} | changes
    return Feed(id="test", title="Essai", url=served.url, file="feed.json", **given_)  # type: ignore[arg-type]


def whole_json(path: Path, _feed: Feed) -> None:
    try:
        json.loads(path.read_bytes())
    except ValueError as error:
        raise InputError("document incomplet") from error


def fetch(
    one: Feed,
    folder: Path,
    *,
    now: dt.datetime = NOW,
    budget_s: float = 5.0,
    read_timeout_s: float = 2.0,
) -> Fetched:
    with open_client("Hygie/test", read_timeout_s=read_timeout_s) as client:
        return fetch_feed(client, one, folder, now=now, check=whole_json, budget_s=budget_s)


def test_a_document_is_fetched_then_asked_for_only_if_changed(
    served: Served, tmp_path: Path
) -> None:
    first = fetch(feed(served), tmp_path)
    second = fetch(feed(served), tmp_path, now=LATER)
    served.body, served.etag = b"{}", '"two"'
    third = fetch(feed(served), tmp_path, now=LATER)

    assert [one.state for one in (first, second, third)] == [State.NEW, State.SAME, State.NEW]
    assert served.asked[1]["if-none-match"] == '"one"'
    assert third.path.read_bytes() == b"{}"
    assert second.age == dt.timedelta(0)


def fails(served: Served, folder: Path, **changes: object) -> Fetched:
    """Fetch a good copy first, then under a failure; the good copy must still be there."""
    good = feed(served)
    assert fetch(good, folder).state is State.NEW
    before = good, (folder / "feed.json").read_bytes()
    served.etag = '"two"'
    for name, value in changes.items():
        setattr(served, name, value)
    found = fetch(good, folder, now=LATER, budget_s=0.5, read_timeout_s=0.5)
    assert found.state is State.KEPT
    assert (folder / "feed.json").read_bytes() == before[1]
    assert found.age == LATER - NOW
    return found


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        pytest.param({"status": 500}, "le serveur répond 500", id="500"),
        pytest.param({"status": 404}, "le serveur répond 404", id="404"),
        pytest.param({"media": "text/html"}, "une page d’erreur", id="wrong type"),
        pytest.param({"redirect": "/feed"}, "redirections", id="redirect loop"),
        pytest.param({"cut_after": 500}, "transfert coupé", id="truncated"),
        pytest.param({"pause_s": 0.05}, "trop lent", id="slow"),
        pytest.param({"body": DOCUMENT[:-9]}, "document incomplet", id="half a document"),
        pytest.param({"body": b" " * 100_001}, "octets annoncés", id="too large"),
    ],
)
def test_every_failure_keeps_the_last_good_copy_and_says_why(
    served: Served, tmp_path: Path, changes: dict[str, object], problem: str
) -> None:
    assert problem in fails(served, tmp_path, **changes).problem


def test_a_cut_transfer_goes_on_from_where_it_stopped(served: Served, tmp_path: Path) -> None:
    served.cut_after = 3000
    cut = fetch(feed(served), tmp_path)
    served.cut_after = None
    rest = fetch(feed(served), tmp_path)

    assert (cut.state, rest.state) == (State.ABSENT, State.NEW)
    assert served.asked[1]["range"] == "bytes=3000-"
    assert served.asked[1]["if-range"] == '"one"'
    assert rest.path.read_bytes() == DOCUMENT
    assert [path.name for path in tmp_path.glob(".*.part*")] == []


def test_a_document_that_changed_between_two_attempts_begins_again(
    served: Served, tmp_path: Path
) -> None:
    served.cut_after = 3000
    fetch(feed(served), tmp_path)
    served.cut_after, served.etag, served.body = None, '"two"', b'{"other": 1}'

    assert fetch(feed(served), tmp_path).path.read_bytes() == b'{"other": 1}'


def test_pieces_of_two_documents_are_never_joined(served: Served, tmp_path: Path) -> None:
    served.cut_after = 3000
    fetch(feed(served), tmp_path)
    served.cut_after, served.etag, served.lie_about_range = None, '"two"', True
    served.body = DOCUMENT.replace(b"1", b"2")

    mixed = fetch(feed(served), tmp_path)
    again = fetch(feed(served), tmp_path)

    assert "changé en cours de route" in mixed.problem
    assert again.path.read_bytes() == served.body


def test_a_refused_range_begins_again(served: Served, tmp_path: Path) -> None:
    served.cut_after = 3000
    fetch(feed(served), tmp_path)
    served.cut_after, served.lie_about_range, served.body = None, True, b"{}"

    assert "reprise refusée" in fetch(feed(served), tmp_path).problem
    assert fetch(feed(served), tmp_path).state is State.NEW


def test_a_stream_without_announced_length_is_bounded(served: Served, tmp_path: Path) -> None:
    assert "octets" in fetch(feed(served, max_bytes=100), tmp_path).problem


@pytest.mark.parametrize(
    ("meta", "problem"),
    [
        (f"sha256:{hashlib.sha256(DOCUMENT).hexdigest().upper()}\r\n", ""),
        (f"sha256:{'0' * 64}\r\n", "SHA-256 publiée ne correspond pas"),
        ("maintenance", "somme de contrôle illisible"),
        ("x" * 20_000, "somme de contrôle illisible"),
    ],
)
def test_a_published_checksum_is_that_of_the_plain_document(
    served: Served, tmp_path: Path, meta: str, problem: str
) -> None:
    served.body = gzip.compress(DOCUMENT)
    served.others["/feed.meta"] = meta.encode()
    one = feed(served, digest="nvd-meta")
    with open_client("Hygie/test") as client:
        found = fetch_feed(client, one, tmp_path, now=NOW, check=lambda *_: None)

    assert problem in found.problem
    assert (found.state is State.NEW) == (not problem)


def test_an_unreachable_server_is_said(served: Served, tmp_path: Path) -> None:
    one = feed(served)
    with serving(Served()) as gone:
        closed = gone.url
    found = fetch(Feed(**{**{n: getattr(one, n) for n in one.__slots__}, "url": closed}), tmp_path)

    assert (found.state, found.age) == (State.ABSENT, None)
    assert "injoignable" in found.problem


@given(st.binary(max_size=60))
def test_any_state_file_is_read_or_ignored(content: bytes) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        copy = Copy(folder, "a.json")
        copy.path.write_bytes(b"{}")
        (folder / ".a.json.json").write_bytes(content)

        assert copy.origin("http://x") is None


def test_the_official_addresses_are_sound() -> None:
    feeds = official_feeds(on=NOW.date())

    assert {"kev", "epss", "nvd", "cve", "csaf", "certfr-avis"} <= {one.id for one in feeds}
    assert sum(one.id == "nvd" for one in feeds) == 2026 - 2002 + 1
    assert len({one.file for one in feeds}) == len(feeds)


GOOD = (
    "{id: a, title: t, url: 'https://x.example/a', file: a.json, media: [text/xml], "
    "max_mebibytes: 1%s}"
)


@pytest.mark.parametrize(
    "entry",
    [
        GOOD.replace("https", "http") % "",
        GOOD.replace("a.json", "../a") % "",
        GOOD.replace("[text/xml]", "[]") % "",
        GOOD % ", digest: md5",
        GOOD % ", references: x",
        GOOD % ", colour: red",
    ],
)
def test_a_malformed_list_of_feeds_is_refused(entry: str) -> None:
    text = (
        'id: hygie.feeds\nversion: "2"\nvalid_from: 2026-01-01\nvalid_to: null\ntitle: t\n'
        f"authored: Hygie\nsource: {{title: t, url: '', confidence: C}}\nfeeds: [{entry}]\n"
    )
    with pytest.raises(ReferentialError):
        feeds_from(parse_document(text.encode(), name="feeds.yaml"), on=NOW.date())


def test_a_copy_that_nobody_dated_has_no_age(tmp_path: Path) -> None:
    one = Feed("a", "t", "https://x.example", "a.json", ("text/xml",), 10)

    assert outcome(one, tmp_path, State.ABSENT, now=NOW).age is None
    assert Origin("u", checked_at="yesterday").age(NOW) is None
    assert Origin("u", etag='W/"1"', last_modified="then").validator == "then"
