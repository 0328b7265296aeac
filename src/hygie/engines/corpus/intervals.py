"""Spans of versions, as text, to intervals over ordered keys.

An endpoint is (key, side): side 0 stands just before the key, 1 just after. An interval is a
pair of endpoints, start first. The rules that order versions come from outside: this engine
knows no scheme.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple, Protocol

from hygie.vocabulary.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hygie.engines.corpus.records import Span

BEFORE: Final = 0
AFTER: Final = 1


class VersionRules(Protocol):
    """How versions become ordered bytes; each raises InputError where it cannot read one."""

    def version_key(self, version: str, scheme: str) -> bytes:
        """Return bytes that sort as the scheme sorts versions."""
        ...

    def after_builds(self, version: str, scheme: str) -> bytes | None:
        """Return the smallest key above the version's builds; None if the scheme has none."""
        ...

    def after_updates(self, version: str, scheme: str) -> bytes | None:
        """Return the smallest key above the version's updates; None if the scheme has none."""
        ...


class Endpoint(NamedTuple):
    """A place between keys; ``text`` is how to show it and ``ceiling`` what it stands above.

    Attributes:
        key: ordered bytes; empty for "from the beginning", INFINITY for "no end".
        side: BEFORE or AFTER the key.
        text: the version as written, empty at both ends of the axis.
        ceiling: 0 for a version, 1 for the end of its builds, 2 for the end of its updates.
    """

    key: bytes
    side: int
    text: str = ""
    ceiling: int = 0


INFINITY: Final = b"\xff" * 8
START: Final = Endpoint(b"", BEFORE)
END: Final = Endpoint(INFINITY, AFTER)

Interval = tuple[Endpoint, Endpoint]


class UnreadableSpanError(InputError):
    """A bound cannot be read by its scheme: the statement cannot be decided."""


def interval_of(span: Span, scheme: str, rules: VersionRules) -> Interval:
    """Return the interval of a span that has no note.

    Raises:
        UnreadableSpanError: if a bound cannot be read; the message shows it.
    """
    if span.exact:
        return _exact(span, scheme, rules)
    start = START
    if span.start:
        start = Endpoint(
            _key(span.start, scheme, rules), AFTER if span.start_open else BEFORE, span.start
        )
    if not span.end:
        return start, END
    if not span.end_closed:
        return start, Endpoint(_key(span.end, scheme, rules), BEFORE, span.end)
    key = _key(span.end, scheme, rules)
    ceiling = rules.after_builds(span.end, scheme)
    if ceiling is None:
        return start, Endpoint(key, AFTER, span.end)
    return start, Endpoint(ceiling, BEFORE, span.end, 1)


def readable_part(span: Span, scheme: str, rules: VersionRules) -> Interval:
    """Return the widest interval of an unreadable range: a bound that cannot be read is open."""
    start, end = START, END
    for bound in (span._replace(exact="", end=""), span._replace(exact="", start="")):
        try:
            low, high = interval_of(bound, scheme, rules)
        except UnreadableSpanError:
            continue
        start, end = max(start, low, key=_place), min(end, high, key=_place)
    return start, end


def union(intervals: Iterable[Interval]) -> list[Interval]:
    """Return the same set as disjoint intervals in order; empty ones vanish."""
    merged: list[Interval] = []
    for start, end in sorted(intervals, key=lambda interval: interval[0][:2]):
        if end[:2] <= start[:2]:
            continue
        if merged and start[:2] <= merged[-1][1][:2]:
            if end[:2] > merged[-1][1][:2]:
                merged[-1] = (merged[-1][0], end)
            continue
        merged.append((start, end))
    return merged


def difference(kept: list[Interval], removed: list[Interval]) -> list[Interval]:
    """Return what of ``kept`` lies outside ``removed``; both as ``union`` returns them."""
    for start, end in removed:
        kept = [
            piece
            for left, right in kept
            for piece in (
                (left, min(right, start, key=_place)),
                (max(left, end, key=_place), right),
            )
            if piece[0][:2] < piece[1][:2]
        ]
    return kept


def _place(endpoint: Endpoint) -> tuple[bytes, int]:
    return endpoint.key, endpoint.side


def _exact(span: Span, scheme: str, rules: VersionRules) -> Interval:
    key = _key(span.exact, scheme, rules)
    start = Endpoint(key, BEFORE, span.exact)
    ceiling = rules.after_updates(span.exact, scheme) if span.any_update else None
    if ceiling is None:
        return start, Endpoint(key, AFTER, span.exact)
    return start, Endpoint(ceiling, BEFORE, span.exact, 2)


def _key(version: str, scheme: str, rules: VersionRules) -> bytes:
    try:
        return rules.version_key(version, scheme)
    except InputError as error:
        raise UnreadableSpanError(f"borne « {version[:60]} » illisible") from error
