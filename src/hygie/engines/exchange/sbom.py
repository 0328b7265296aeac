"""Read a software bill of materials (SBOM), whichever of the usual formats it is in.

CycloneDX JSON 1.2 to 1.6, CycloneDX XML 1.0 to 1.6, SPDX 2.2 and 2.3 as JSON or tag-value.
The format is found from the content, never from the file's name. One bad component refuses
the whole document: half an inventory reads as good news.

Sources: https://cyclonedx.org/specification/overview/ (ECMA-424),
https://spdx.github.io/spdx-spec/v2.3/ (ISO/IEC 5962).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from hygie.engines.exchange.cyclonedx import parse_cyclonedx_json, parse_cyclonedx_xml
from hygie.engines.exchange.reading import decode_text, read_bounded
from hygie.engines.exchange.sbom_document import (
    MAX_COMPONENTS,
    MAX_SBOM_BYTES,
    Sbom,
    SbomFormatError,
)
from hygie.engines.exchange.spdx import parse_spdx_json, parse_spdx_tag_value
from hygie.engines.exchange.structured import parse_json_bounded, parse_xml_bounded

if TYPE_CHECKING:
    from pathlib import Path

__all__ = [
    "MAX_COMPONENTS",
    "MAX_SBOM_BYTES",
    "Sbom",
    "SbomFormatError",
    "parse_sbom",
    "read_sbom",
]

_TAG_VALUE: Final = re.compile(r"^SPDXVersion:", re.MULTILINE)
_NOT_AN_SBOM: Final = (
    "ce n’est ni du CycloneDX (JSON, XML) ni du SPDX (JSON, tag-value) ; "
    "exportez l’inventaire dans un de ces formats"
)


def read_sbom(path: Path, *, max_bytes: int = MAX_SBOM_BYTES) -> Sbom:
    """Return the SBOM in a file, plain, gzip or Zstandard.

    Raises:
        InputError: if the file cannot be read (``reading.read_bounded``).
        SbomFormatError: as ``parse_sbom``.
    """
    return parse_sbom(read_bounded(path, max_bytes=max_bytes), source=path.name)


def parse_sbom(document: bytes, *, source: str) -> Sbom:
    """Return the SBOM in a document, its nested components flattened in document order.

    Args:
        document: the bytes of the document.
        source: its name in messages.

    Raises:
        SbomFormatError: if it is in none of the formats read, in a version that is not read,
            or holds a component without a name; the message gives the place.
        InputError: if it is not well-formed JSON, XML or text, or passes a bound.
    """
    start = document.removeprefix(b"\xef\xbb\xbf").lstrip()[:1]
    if start == b"{":
        return _parse_json(document, source=source)
    if start == b"<":
        return parse_cyclonedx_xml(parse_xml_bounded(document, source=source), source=source)
    text = decode_text(document, source=source)
    if _TAG_VALUE.search(text[:10_000]):
        return parse_spdx_tag_value(text, source=source)
    raise SbomFormatError(_NOT_AN_SBOM, source=source)


def _parse_json(document: bytes, *, source: str) -> Sbom:
    value = parse_json_bounded(document, source=source)
    if isinstance(value, dict):
        if value.get("bomFormat") == "CycloneDX":
            return parse_cyclonedx_json(value, source=source)
        if "spdxVersion" in value:
            return parse_spdx_json(value, source=source)
        if "@context" in value and "spdx.org/rdf/3" in str(value["@context"])[:200]:
            raise SbomFormatError(
                "SPDX 3 n’est pas lu ; exportez en SPDX 2.3 ou en CycloneDX", source=source
            )
    raise SbomFormatError(_NOT_AN_SBOM, source=source)
