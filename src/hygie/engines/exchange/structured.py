"""Read JSON and XML of unknown origin within bounds of depth and count.

defusedxml parses; xml.etree only holds the tree. Sources: RFC 8259 (JSON); the defusedxml
project for what an XML reader must refuse.
"""

from __future__ import annotations

import json
import re
import xml.etree.ElementTree as ET  # nosec B405
from typing import TYPE_CHECKING, Final, NoReturn

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser

from hygie.engines.exchange.reading import decode_text
from hygie.vocabulary.errors import InputError, TooLargeError

if TYPE_CHECKING:
    from hygie.vocabulary.facts import Json

MAX_JSON_DEPTH: Final = 64
MAX_XML_DEPTH: Final = 64
MAX_XML_ELEMENTS: Final = 5_000_000

_JSON_TOKEN: Final = re.compile(r'"(?:[^"\\]|\\.)*+"|[\[\]{}]', re.DOTALL)


def parse_json_bounded(document: bytes, *, source: str, max_depth: int = MAX_JSON_DEPTH) -> Json:
    """Return the value of a JSON document whose containers nest at most ``max_depth`` deep.

    Raises:
        TooLargeError: if it nests deeper; the message says where.
        InputError: if it is not JSON (UTF-8), holds NaN or Infinity, or half a surrogate pair.
    """
    text = decode_text(document, source=source)
    try:
        value: Json = json.loads(text, parse_constant=_refuse_constant)
    except RecursionError as error:
        raise _too_deep_json(text, source=source, max_depth=max_depth) from error
    except json.JSONDecodeError as error:
        raise InputError(
            f"JSON illisible à la colonne {error.colno} ; le fichier est peut-être tronqué",
            source=source,
            line=error.lineno,
        ) from error
    except ValueError as error:
        raise InputError(
            "JSON illisible : nombre démesuré, NaN ou Infinity", source=source
        ) from error
    if _is_deeper(value, max_depth):
        raise _too_deep_json(text, source=source, max_depth=max_depth)
    _refuse_half_surrogates(text, value, source=source)
    return value


def parse_xml_bounded(
    document: bytes,
    *,
    source: str,
    max_depth: int = MAX_XML_DEPTH,
    max_elements: int = MAX_XML_ELEMENTS,
    doctype: str = "",
) -> ET.Element:
    """Return the root of an XML document without document type, entities or external parts.

    ``doctype`` names the one document type let through, bare: nmap writes ``<!DOCTYPE nmaprun>``.

    Raises:
        TooLargeError: past ``max_depth`` nested elements or ``max_elements`` in all.
        InputError: if it is not well-formed, or declares a document type or an entity.
    """
    builder = _BoundedBuilder(source=source, max_depth=max_depth, max_elements=max_elements)
    bare = doctype and re.search(rb"<!DOCTYPE\s+%b\s*>" % doctype.encode(), document[:4096])
    parser = DefusedXMLParser(target=builder, forbid_dtd=not bare, forbid_external=True)
    try:
        parser.feed(document)
        root: ET.Element = parser.close()
    except DefusedXmlException as error:
        raise InputError(
            "XML refusé : il déclare un type de document ou une entité ; retirez « <!DOCTYPE »",
            source=source,
        ) from error
    except ET.ParseError as error:
        raise InputError(
            "XML illisible ; le fichier est peut-être tronqué",
            source=source,
            line=error.position[0],
        ) from error
    except (ValueError, LookupError) as error:  # an encoding that expat does not know
        raise InputError(
            "XML dans un codage inconnu ; enregistrez le fichier en UTF-8", source=source
        ) from error
    return root


class _BoundedBuilder(ET.TreeBuilder):
    """Build a tree and count its depth and its elements while it grows."""

    def __init__(self, *, source: str, max_depth: int, max_elements: int) -> None:
        super().__init__()
        self._source = source
        self._max_depth = max_depth
        self._left = max_elements
        self._path: list[str] = []

    def start(self, tag: str, attrs: dict[str, str], /) -> ET.Element:
        self._path.append(tag)
        self._left -= 1
        if len(self._path) > self._max_depth or self._left < 0:
            names = "/".join(name.rpartition("}")[2][:20] for name in self._path[:5])
            what = "imbriqués" if self._left >= 0 else ""
            raise TooLargeError(
                f"XML refusé : trop d’éléments {what}".rstrip(), source=self._source, place=names
            )
        return super().start(tag, attrs)

    def end(self, tag: str, /) -> ET.Element:
        self._path.pop()
        return super().end(tag)


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(name)


def _is_deeper(value: Json, max_depth: int) -> bool:
    level = [value] if isinstance(value, dict | list) else []
    for _ in range(max_depth):
        level = [
            child
            for node in level
            for child in (node.values() if isinstance(node, dict) else node)
            if isinstance(child, dict | list)
        ]
        if not level:
            return False
    return bool(level)


def _too_deep_json(text: str, *, source: str, max_depth: int) -> TooLargeError:
    depth = 0
    line = column = 1
    for token in _JSON_TOKEN.finditer(text):
        depth += {"[": 1, "{": 1, "]": -1, "}": -1}.get(token.group(), 0)
        if depth > max_depth:
            line = text.count("\n", 0, token.start()) + 1
            column = token.start() - text.rfind("\n", 0, token.start())
            break
    return TooLargeError(
        f"JSON imbriqué sur plus de {max_depth} niveaux (colonne {column})",
        source=source,
        line=line,
    )


def _refuse_half_surrogates(text: str, value: Json, *, source: str) -> None:
    if not re.search(r"\\u[dD][89abAB]", text) and not re.search(r"\\u[dD][c-fC-F]", text):
        return
    try:
        json.dumps(value, ensure_ascii=False).encode()
    except UnicodeEncodeError as error:
        raise InputError("JSON illisible (demi-caractère \\ud800)", source=source) from error
