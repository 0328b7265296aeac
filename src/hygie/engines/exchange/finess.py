"""Read the national register of establishments (FINESS) and the GHT, in any form published.

The form is found from the content: the "etalab" extract, the FINESS+ JSON flow, the CSV drawn
from the annual statistics. Lines that cannot be read are collected with their number; a file
of another kind, cut or garbled is refused.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Final

from hygie.engines.exchange.finess_etalab import read_etalab
from hygie.engines.exchange.finess_plus import read_finess_plus
from hygie.engines.exchange.finess_records import (
    MAX_FINESS_BYTES,
    EstablishmentRecord,
    FinessFile,
    FinessFileError,
    FinessReading,
    GhtMember,
    GhtRecord,
    LegalEntityRecord,
    LineProblem,
)
from hygie.engines.exchange.finess_sae import read_sae
from hygie.engines.exchange.ght import read_ght_pair, read_ght_table
from hygie.engines.exchange.reading import open_bounded
from hygie.engines.exchange.tabular import MAX_TABLE_BYTES

if TYPE_CHECKING:
    from pathlib import Path

__all__ = [
    "MAX_FINESS_BYTES",
    "EstablishmentRecord",
    "FinessFile",
    "FinessFileError",
    "GhtMember",
    "GhtRecord",
    "LegalEntityRecord",
    "LineProblem",
    "read_finess",
    "read_ght",
]

_READERS: Final = {"etalab": read_etalab, "finess_plus": read_finess_plus, "sae": read_sae}


def read_finess(path: Path, *, max_bytes: int = MAX_FINESS_BYTES) -> FinessFile:
    """Return the content of a FINESS file, plain, gzip or Zstandard.

    Args:
        path: the file.
        max_bytes: bound on its plain bytes.

    Raises:
        FinessFileError: if it is none of the forms read, is cut, or more of its records are
            refused than kept.
        TooLargeError: if it passes a bound.
        InputError: if it cannot be read.
    """
    kind = _kind(path)
    reading = _READERS[kind](path, max_bytes=max_bytes)
    return reading.finish(kind, source=path.name, sha256=_sha256(path))


def read_ght(
    groups_path: Path, members_path: Path | None = None, *, max_bytes: int = MAX_TABLE_BYTES
) -> FinessFile:
    """Return the GHT of a table of groups and a table of members, or of one table of members.

    Args:
        groups_path: table of groups; without ``members_path``, table with one row a member.
        members_path: table of members.
        max_bytes: bound on the plain bytes of each.

    Raises:
        TableFormatError: if a column is missing; the message names those that were found.
        FinessFileError: if more rows are refused than groups kept.
        InputError: if a file cannot be read.
    """
    reading = FinessReading()
    if members_path is None:
        read_ght_table(groups_path, reading, max_bytes=max_bytes)
        return reading.finish("ght", source=groups_path.name, sha256=_sha256(groups_path))
    read_ght_pair(groups_path, members_path, reading, max_bytes=max_bytes)
    sha256 = _sha256(groups_path, members_path)
    return reading.finish("ght", source=members_path.name, sha256=sha256)


def _kind(path: Path) -> str:
    """Tell the form of a file from its first bytes."""
    with open_bounded(path, max_bytes=MAX_FINESS_BYTES) as stream:
        head = stream.read(4096).removeprefix(b"\xef\xbb\xbf").lstrip()
    if head.startswith(b"{"):
        return "finess_plus"
    if head.startswith(b"finess;etalab"):
        return "etalab"
    if b"finess_et" in head.partition(b"\n")[0].lower():
        return "sae"
    raise FinessFileError(
        "ce n’est ni l’extraction FINESS « etalab », ni le flux FINESS+ JSON, ni le tableau SAE "
        "(colonne finess_et)",
        source=path.name,
    )


def _sha256(*paths: Path) -> str:
    digest = hashlib.sha256()
    for path in paths:
        with path.open("rb") as file:
            while chunk := file.read(1 << 20):
                digest.update(chunk)
    return digest.hexdigest()
