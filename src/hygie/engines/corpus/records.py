"""What the readers hand to the compiler: one CVE, its facts and its statements.

A statement says "these versions of this product are (or are not) touched, provided the
condition holds". NamedTuples rather than dataclasses: a national corpus makes two million.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Final, NamedTuple

from hygie.vocabulary.errors import InputError

if TYPE_CHECKING:
    from hygie.vocabulary.enums import Exploitation, TechnicalImpact

DESCRIPTION_MAX_CHARS: Final = 600
NO_ATTRIBUTES: Final = "*:*:*:*:*:*"
AFFECTED: Final = "affected"
NOT_AFFECTED: Final = "not_affected"
FIXED: Final = "fixed"
UNDER_INVESTIGATION: Final = "under_investigation"


class CorpusFormatError(InputError):
    """A document of a vulnerability source is not what its format says."""


class Span(NamedTuple):
    """A set of versions, as text.

    Attributes:
        exact: one version; empty when the span is a range.
        start: first version, empty for "from the beginning".
        start_open: the start itself is outside.
        end: last version, empty for "no end".
        end_closed: the end itself is inside.
        any_update: ``exact`` stands for its updates too (a CPE name whose update is ANY).
        absent: only a product whose version is NA (``-``).
        note: why the versions cannot be read, empty when they can: the answer is "unknown".
    """

    exact: str = ""
    start: str = ""
    start_open: bool = False
    end: str = ""
    end_closed: bool = False
    any_update: bool = False
    absent: bool = False
    note: str = ""


EVERY_VERSION: Final = Span()
ABSENT_VERSION: Final = Span(absent=True)


class Criterion(NamedTuple):
    """One product and its versions, inside a configuration.

    Attributes:
        identity: ``vendor/product`` (``vocabulary.identity``) or ``pkg:type/namespace/name``.
        part: CPE part ``a``, ``o``, ``h``, or ``*``.
        attributes: CPE values after the update, joined by colons (edition, language,
            sw_edition, target_sw, target_hw, other).
        span: the versions.
        vulnerable: False for what the vulnerable product must merely run with.
    """

    identity: str
    part: str
    attributes: str
    span: Span
    vulnerable: bool = True


class Clause(NamedTuple):
    """True when one of its criteria is in the inventory, or, negated, when none is."""

    criteria: tuple[Criterion, ...]
    negated: bool = False


class Statement(NamedTuple):
    """What one source says of one product for one CVE.

    Attributes:
        identity: as in Criterion.
        part: as in Criterion.
        attributes: as in Criterion.
        scheme: how its versions are ordered: a purl type, ``semver`` or ``generic``.
        spans: the versions touched; their union.
        not_spans: versions the same source says are safe; taken out of ``spans``.
        source: ``nvd``, ``anchore``, ``cna``, ``cisa-adp``, ``kev``, ``starter``.
        condition: clauses that must all hold besides (NVD's AND); empty when none.
        dated: ISO date the source gives what it says, empty when it gives none.
        document: identifier of the document that says it, such as ``ICSMA-24-200-01``.
        vex_status: ``affected``, ``not_affected``, ``fixed`` or ``under_investigation``. The
            middle two have no ``spans``: the versions they speak of are ``not_spans``.
        reason: why not affected, as the source says it.
    """

    identity: str
    part: str
    attributes: str
    scheme: str
    spans: tuple[Span, ...]
    source: str
    not_spans: tuple[Span, ...] = ()
    condition: tuple[Clause, ...] = ()
    dated: str = ""
    document: str = ""
    vex_status: str = AFFECTED
    reason: str = ""


class CveRecord(NamedTuple):
    """One CVE as one document tells it; absent facts are None or empty.

    Attributes:
        epss_probability: as the document quotes it; the scores of the day go before.
        aliases: (text identity, identity) pairs of other names of the products it touches.
        as_of: ISO date of the record, empty when it states none.
        left_out: parts of the record that could not be used, in French, for the report.
    """

    cve_id: str
    description: str = ""
    cvss_score: float | None = None
    cvss_vector: str = ""
    exploitation: Exploitation | None = None
    technical_impact: TechnicalImpact | None = None
    epss_probability: float | None = None
    kev_added_on: dt.date | None = None
    published_on: dt.date | None = None
    rejected: bool = False
    source: str = ""
    statements: tuple[Statement, ...] = ()
    aliases: tuple[tuple[str, str], ...] = ()
    as_of: str = ""
    left_out: tuple[str, ...] = ()


def description_of(text: str) -> str:
    """Return a text on one line, cut to DESCRIPTION_MAX_CHARS."""
    return " ".join(text.split())[:DESCRIPTION_MAX_CHARS]


def parse_date(text: str) -> dt.date:
    """Read the date at the head of an ISO 8601 text.

    Raises:
        ValueError: if it holds none.
    """
    return dt.date.fromisoformat(text[:10])
