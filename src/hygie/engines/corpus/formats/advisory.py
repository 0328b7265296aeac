"""What a document that is more than one CVE says: an advisory, its remedies, its records."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from hygie.engines.corpus.records import CveRecord, Statement


class Remedy(NamedTuple):
    """What a source says to do about one CVE on some products.

    Attributes:
        cve_id: the CVE.
        category: the source's word: ``vendor_fix``, ``mitigation``, ``workaround``,
            ``none_available``, ``no_fix_planned``, ``recommended``, ``impact``...
        text: as written.
        url: where to find more, empty when none.
        identities: products it is for; empty when it is for all of the advisory.
        dated: ISO date, empty when none.
    """

    cve_id: str
    category: str
    text: str
    url: str = ""
    identities: tuple[str, ...] = ()
    dated: str = ""


class Advisory(NamedTuple):
    """One document of a vulnerability source.

    Attributes:
        reference: its identifier, as its publisher writes it.
        title: as written.
        publisher: as written, empty when not stated.
        source: what its statements carry as source.
        published: ISO date of the first release, empty when not stated.
        updated: ISO date of the current release, empty when not stated.
        closed: ISO date at which it was withdrawn or closed, empty while it stands.
        records: one record a CVE, in order.
        remedies: what to do.
        left_out: what could not be used, in French; an advisory without record says here why.
    """

    reference: str
    title: str = ""
    publisher: str = ""
    source: str = ""
    published: str = ""
    updated: str = ""
    closed: str = ""
    records: tuple[CveRecord, ...] = ()
    remedies: tuple[Remedy, ...] = ()
    left_out: tuple[str, ...] = ()


def stamped(
    statements: Iterable[Statement], *, dated: str, document: str = ""
) -> Iterator[Statement]:
    """Yield the statements with the date and the document they come from."""
    for statement in statements:
        yield statement._replace(dated=dated, document=document)
