"""Fetch a document: only if it changed, from where a cut transfer stopped, whole or not at all.

Sources: RFC 9110 §§ 8.8, 13 (validators, conditional requests) and 14 (ranges).
"""

from __future__ import annotations

import hashlib
import re
import time
import zlib
from enum import StrEnum
from typing import TYPE_CHECKING, Final, NamedTuple

import httpx

from hygie.engines.corpus.copies import Copy, Origin
from hygie.vocabulary.errors import HygieError, InputError, TooLargeError

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable
    from pathlib import Path

    from hygie.engines.corpus.feeds import Feed

MAX_REDIRECTS: Final = 5
READ_TIMEOUT_S: Final = 30.0
BUDGET_S: Final = 1800.0
DIGEST_MAX_BYTES: Final = 16 * 1024

_CHUNK_BYTES: Final = 1 << 18
_RANGE: Final = re.compile(r"bytes (\d+)-(\d+)/(\d+|\*)")
_META_DIGEST: Final = re.compile(r"^sha256:([0-9A-Fa-f]{64})\s*$", re.MULTILINE)
_NOT_MODIFIED: Final = 304
_PARTIAL: Final = 206
_RANGE_REFUSED: Final = 416


class FetchError(HygieError):
    """The document could not be fetched whole; the last good copy stays in use."""


class State(StrEnum):
    """What became of a feed."""

    NEW = "new"
    SAME = "same"
    KEPT = "kept"  # the attempt failed; the last good copy stays
    ABSENT = "absent"  # the attempt failed and there is no copy


class Fetched(NamedTuple):
    """The outcome for one feed.

    Attributes:
        feed: which.
        state: what became of it.
        path: the last good copy, which may not exist.
        size_bytes: its size.
        age: time since it was known to be current, None when it never was.
        problem: why the attempt failed, in French, empty when it did not.
    """

    feed: Feed
    state: State
    path: Path
    size_bytes: int
    age: dt.timedelta | None
    problem: str = ""


def open_client(user_agent: str, *, read_timeout_s: float = READ_TIMEOUT_S) -> httpx.Client:
    """Return the client to fetch with; the caller closes it."""
    return httpx.Client(
        headers={"User-Agent": user_agent, "Accept-Encoding": "identity"},
        follow_redirects=True,
        max_redirects=MAX_REDIRECTS,
        timeout=httpx.Timeout(read_timeout_s),
    )


def fetch_feed(
    client: httpx.Client,
    feed: Feed,
    folder: Path,
    *,
    now: dt.datetime,
    check: Callable[[Path, Feed], None],
    budget_s: float = BUDGET_S,
) -> Fetched:
    """Bring the copy of a feed up to date; a failure leaves the last good one.

    Args:
        client: as ``open_client`` returns it.
        feed: what to fetch.
        folder: where copies lie.
        now: written beside the copy.
        check: raises InputError if the file is not a whole document of its kind.
        budget_s: seconds the transfer may take in all; the next attempt resumes it.
    """
    copy = Copy(folder, feed.file)
    try:
        state = _fetch(client, feed, copy, now, check, time.monotonic() + budget_s)
        problem = ""
    except (HygieError, httpx.HTTPError, httpx.InvalidURL, OSError) as error:
        state = State.KEPT if copy.path.exists() else State.ABSENT
        problem = _said(error)
    return outcome(feed, folder, state, now=now, problem=problem)


def outcome(
    feed: Feed, folder: Path, state: State, *, now: dt.datetime, problem: str = ""
) -> Fetched:
    """Describe the copy of a feed as it lies there."""
    copy = Copy(folder, feed.file)
    origin = copy.origin(feed.url)
    size = copy.path.stat().st_size if copy.path.exists() else 0
    return Fetched(feed, state, copy.path, size, origin.age(now) if origin else None, problem)


def _fetch(
    client: httpx.Client,
    feed: Feed,
    copy: Copy,
    now: dt.datetime,
    check: Callable[[Path, Feed], None],
    until: float,
) -> State:
    known, cut = copy.origin(feed.url), copy.resumable(feed.url)
    with client.stream("GET", feed.url, headers=_conditions(known, cut)) as response:
        if response.status_code == _NOT_MODIFIED and known:
            copy.still_current(_dated(known, now))
            return State.SAME
        if response.status_code == _RANGE_REFUSED:
            copy.drop_part()
            raise FetchError("reprise refusée par le serveur ; relancez pour tout reprendre")
        _refuse(response, feed)
        origin = Origin(
            feed.url,
            response.headers.get("ETag", ""),
            response.headers.get("Last-Modified", ""),
            now.isoformat(),
            now.isoformat(),
        )
        start = _start(response, cut, origin, copy)
        copy.begin(origin)
        _receive(response, feed, copy, start, until)
    try:
        _verify(client, feed, copy.part)
        check(copy.part, feed)
    except HygieError:
        copy.drop_part()
        raise
    copy.keep(origin)
    return State.NEW


def _conditions(known: Origin | None, cut: tuple[int, Origin] | None) -> dict[str, str]:
    if cut:
        return {"Range": f"bytes={cut[0]}-", "If-Range": cut[1].validator}
    headers = {"If-None-Match": known.etag if known else ""}
    headers["If-Modified-Since"] = known.last_modified if known else ""
    return {name: value for name, value in headers.items() if value}


def _refuse(response: httpx.Response, feed: Feed) -> None:
    if response.url.scheme != httpx.URL(feed.url).scheme:
        raise FetchError("redirigé hors de https, refusé")
    if not response.is_success:
        raise FetchError(f"le serveur répond {response.status_code}")
    media = response.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    if media not in feed.media:
        raise FetchError(f"type « {media[:60] or 'absent'} » inattendu, une page d’erreur ?")
    if int(_digits(response.headers.get("Content-Length", "")) or 0) > feed.max_bytes:
        raise TooLargeError(f"plus de {feed.max_bytes} octets annoncés")


def _start(
    response: httpx.Response, cut: tuple[int, Origin] | None, origin: Origin, copy: Copy
) -> int:
    """Return where the coming bytes go in the part; a document that changed begins again."""
    if response.status_code != _PARTIAL:
        return 0
    given = _RANGE.fullmatch(response.headers.get("Content-Range", "").strip())
    if not cut or not given or int(given[1]) != cut[0]:
        copy.drop_part()
        raise FetchError("reprise incohérente du serveur ; relancez pour tout reprendre")
    if origin.validator != cut[1].validator:
        copy.drop_part()
        raise FetchError("document changé en cours de route ; relancez pour tout reprendre")
    return cut[0]


def _receive(response: httpx.Response, feed: Feed, copy: Copy, start: int, until: float) -> None:
    size = start
    with copy.part.open("r+b" if start else "wb") as file:
        file.seek(start)
        for chunk in response.iter_raw():
            size += len(chunk)
            if size > feed.max_bytes:
                raise TooLargeError(f"plus de {feed.max_bytes} octets reçus")
            file.write(chunk)
            if time.monotonic() > until:
                raise FetchError("trop lent, interrompu ; la prochaine fois reprendra de là")
        file.truncate()
    total = _RANGE.fullmatch(response.headers.get("Content-Range", "").strip())
    if total and total[3] != "*" and size != int(total[3]):
        raise FetchError(f"reçu {size} octets sur {total[3]}")


def _verify(client: httpx.Client, feed: Feed, part: Path) -> None:
    if not feed.digest:
        return
    address = feed.url.removesuffix(".gz").removesuffix(".json") + ".meta"
    with client.stream("GET", address) as response:
        if not response.is_success:
            raise FetchError(f"somme de contrôle : le serveur répond {response.status_code}")
        text = b""
        for chunk in response.iter_raw():
            text += chunk
            if len(text) > DIGEST_MAX_BYTES:
                raise FetchError("somme de contrôle illisible")
    stated = _META_DIGEST.search(text.decode("ascii", "replace").replace("\r", ""))
    if not stated:
        raise FetchError("somme de contrôle illisible")
    if stated[1].lower() != _plain_digest(part):
        raise FetchError("la somme SHA-256 publiée ne correspond pas")


def _plain_digest(part: Path) -> str:
    """Return the SHA-256 of a gzip file's plain bytes."""
    digest, gzip = hashlib.sha256(), zlib.decompressobj(zlib.MAX_WBITS | 16)
    with part.open("rb") as file:
        try:
            while chunk := file.read(_CHUNK_BYTES):
                while chunk:
                    digest.update(gzip.decompress(chunk, _CHUNK_BYTES * 16))
                    chunk = gzip.unconsumed_tail
        except zlib.error as error:
            raise InputError("compression gzip abîmée") from error
    return digest.hexdigest()


def _dated(origin: Origin, now: dt.datetime) -> Origin:
    return Origin(origin.url, origin.etag, origin.last_modified, now.isoformat(), origin.fetched_at)


def _digits(text: str) -> str:
    return text if text.isdecimal() and len(text) < 20 else ""  # noqa: PLR2004 - 64 bits


def _said(error: Exception) -> str:
    if isinstance(error, HygieError):
        return str(error)
    if isinstance(error, httpx.TooManyRedirects):
        return f"plus de {MAX_REDIRECTS} redirections"
    if isinstance(error, httpx.TimeoutException):
        return "pas de réponse à temps"
    if isinstance(error, httpx.RemoteProtocolError):
        return "transfert coupé ; la prochaine fois reprendra de là"
    if isinstance(error, httpx.TransportError):
        return f"serveur injoignable ({str(error)[:80]})"
    return f"échec ({str(error)[:80]})"
