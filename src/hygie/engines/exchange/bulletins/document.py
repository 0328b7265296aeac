"""An alert or bulletin as every format of publication sees it.

Plain values: the domain fills them, the writers beside this module turn them into CSAF 2.0,
STIX 2.1, a MISP event or an Atom entry.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator

    from hygie.engines.exchange.bulletins.indicators import Indicator
    from hygie.vocabulary.enums import Severity
    from hygie.vocabulary.tlp import Tlp


@dataclass(frozen=True, slots=True)
class Publisher:
    """Who speaks.

    Attributes:
        name: as its readers know it.
        namespace: URL that the publisher owns; identifiers are unique below it.
        contact: how to answer.
    """

    name: str
    namespace: str
    contact: str = ""


@dataclass(frozen=True, slots=True)
class VersionRange:
    """Versions of a product, ends included or not; both ends empty means every version.

    One version stands as ``start == end``, both included.
    """

    start: str = ""
    end: str = ""
    start_included: bool = True
    end_included: bool = False

    @property
    def is_one(self) -> bool:
        """Whether it is one single version."""
        return bool(self.start) and self.start == self.end

    def __str__(self) -> str:
        """Return the range as people write it: ``≥ 2.0, < 2.4``, ``2.4``, ``*``."""
        if self.is_one:
            return self.start
        start = f"{'≥' if self.start_included else '>'} {self.start}" if self.start else ""
        end = f"{'≤' if self.end_included else '<'} {self.end}" if self.end else ""
        return ", ".join(part for part in (start, end) if part) or "*"


@dataclass(frozen=True, slots=True)
class AffectedProduct:
    """One product that the bulletin speaks of.

    Attributes:
        vendor: name of its maker.
        name: name of the product.
        versions: those affected; empty when they are not known.
        fixed_in: versions that repair, if any.
        cpe: CPE 2.3 name without version, or empty.
    """

    vendor: str
    name: str
    versions: tuple[VersionRange, ...] = ()
    fixed_in: tuple[str, ...] = ()
    cpe: str = ""


@dataclass(frozen=True, slots=True)
class Flaw:
    """One vulnerability: CVE identifier, CVSS vector (empty: unknown), exploited or not."""

    cve_id: str
    vector: str = ""
    exploited: bool = False


@dataclass(frozen=True, slots=True)
class Action:
    """What to do, and by when (aware; None: no deadline)."""

    text: str
    due_at: dt.datetime | None = None
    is_fix: bool = False


@dataclass(frozen=True, slots=True)
class Reference:
    """Where to read more."""

    url: str
    title: str


@dataclass(frozen=True, slots=True)
class Revision:
    """One published version, numbered from 1."""

    number: int
    at: dt.datetime
    summary: str


@dataclass(frozen=True, slots=True)
class Bulletin:
    """One alert or bulletin.

    Attributes:
        number: unique at the publisher's, ``CERTSANTE-2026-ALE-001``.
        summary: plain text, a few lines.
        revisions: oldest first, at least one.
        url: address of its page.
    """

    number: str
    title: str
    tlp: Tlp
    severity: Severity
    publisher: Publisher
    summary: str
    revisions: tuple[Revision, ...]
    url: str
    products: tuple[AffectedProduct, ...] = ()
    flaws: tuple[Flaw, ...] = ()
    actions: tuple[Action, ...] = ()
    references: tuple[Reference, ...] = ()
    indicators: tuple[Indicator, ...] = ()
    withdrawn: bool = False

    @property
    def published_at(self) -> dt.datetime:
        """When readers first saw it."""
        return self.revisions[0].at

    @property
    def updated_at(self) -> dt.datetime:
        """When it last changed."""
        return self.revisions[-1].at

    def links(self) -> Iterator[Reference]:
        """Yield its own page, then what it refers to."""
        yield Reference(self.url, self.title)
        yield from self.references
