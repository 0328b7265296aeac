"""VEX documents of manufacturers to declarations: OpenVEX, CSAF, CycloneDX. No database here.

Kept: "not affected" and "fixed" about a named product. Left out, and said so: "affected" and
"under investigation" (they change no verdict; the corpus reads them from its sources folder),
and statements about a component inside a product, which say nothing of the component elsewhere.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from hygie.engines.corpus.formats.csaf import parse_csaf
from hygie.engines.corpus.formats.cyclonedx_vex import parse_cyclonedx_vex
from hygie.engines.corpus.formats.detect import HEAD_BYTES, Kind, recognise
from hygie.engines.corpus.formats.vex import parse_openvex
from hygie.engines.corpus.records import FIXED, NOT_AFFECTED, Span, Statement
from hygie.vocabulary.errors import InputError, TooLargeError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from hygie.engines.corpus.formats.advisory import Advisory

MAX_BYTES: Final = 32 * 1024 * 1024
MAX_STATEMENTS: Final = 20_000

_READERS: Final = {
    Kind.OPENVEX: parse_openvex,
    Kind.CSAF: parse_csaf,
    Kind.CYCLONEDX: parse_cyclonedx_vex,
}
_WHY: Final = {
    "affected": "dit « touché » : rangez le document parmi les sources du corpus",
    "under_investigation": "en cours d’analyse par l’éditeur",
}
_INSIDE: Final = "parle d’un composant à l’intérieur d’un produit"


class VexFormatError(InputError):
    """The document is no VEX that can be read."""


class Told(NamedTuple):
    """One statement that can excuse: the CVE, and what is said of which versions."""

    cve_id: str
    statement: Statement


class VexDocument(NamedTuple):
    """What a document gives.

    Attributes:
        reference: its identifier.
        author: who says it.
        dated: ISO date of its last release, empty when it states none.
        sha256: of its bytes.
        told: what can excuse a finding.
        left_out: (why, how many times) of the rest.
    """

    reference: str
    author: str
    dated: str
    sha256: str
    told: tuple[Told, ...]
    left_out: tuple[tuple[str, int], ...]


def read_vex(path: Path) -> VexDocument:
    """Read a VEX file.

    Raises:
        InputError: if it cannot be opened, is not VEX or is malformed.
        TooLargeError: if it passes MAX_BYTES.
    """
    try:
        with path.open("rb") as stream:
            document = stream.read(MAX_BYTES + 1)
    except OSError as error:
        raise InputError("fichier illisible, vérifiez le chemin", source=path.name) from error
    return parse_vex(document, name=path.name)


def parse_vex(document: bytes, *, name: str) -> VexDocument:
    """Read a VEX document.

    Raises:
        VexFormatError: if it is of none of the three formats, or says nothing that excuses.
        InputError: if it is malformed; the place is named.
        TooLargeError: if it passes a bound.
    """
    if len(document) > MAX_BYTES:
        raise TooLargeError(f"plus de {MAX_BYTES // 1024**2} Mio", source=name)
    found = recognise(document[:HEAD_BYTES])
    reader = _READERS.get(found.kind) if found else None
    if reader is None:
        raise VexFormatError("ni OpenVEX, ni CSAF, ni CycloneDX ; vérifiez le fichier", source=name)
    advisory = reader(document, source=name)
    told, left_out = _sorted(advisory)
    if len(told) > MAX_STATEMENTS:
        raise TooLargeError(f"plus de {MAX_STATEMENTS} déclarations", source=name)
    return VexDocument(
        advisory.reference,
        advisory.publisher or advisory.source,
        advisory.updated or advisory.published,
        hashlib.sha256(document).hexdigest(),
        tuple(told),
        tuple(left_out.most_common()),
    )


def _sorted(advisory: Advisory) -> tuple[list[Told], Counter[str]]:
    left_out: Counter[str] = Counter(advisory.left_out)
    told = []
    for record in advisory.records:
        left_out.update(record.left_out)
        for statement in record.statements:
            if statement.vex_status not in (NOT_AFFECTED, FIXED):
                left_out[_WHY.get(statement.vex_status, statement.vex_status)] += 1
            elif statement.condition:
                left_out[_INSIDE] += 1
            else:
                told.append(Told(record.cve_id, statement))
    return told, left_out


def as_plain(statement: Statement) -> dict[str, Any]:
    """Return what a declaration keeps of a statement: which versions of which product."""
    return {
        "identity": statement.identity,
        "part": statement.part,
        "attributes": statement.attributes,
        "scheme": statement.scheme,
        "spans": [span._asdict() for span in statement.not_spans],
        "source": statement.source,
    }


def from_plain(kept: Mapping[str, Any], *, status: str) -> Statement:
    """Return the statement that ``as_plain`` kept."""
    return Statement(
        kept["identity"],
        kept["part"],
        kept["attributes"],
        kept["scheme"],
        (),
        kept["source"],
        tuple(Span(**span) for span in kept["spans"]),
        vex_status=status,
    )
