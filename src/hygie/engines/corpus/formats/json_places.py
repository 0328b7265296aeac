"""JSON documents of unknown origin, read by asking: each refusal names the place.

A value keeps the path that leads to it; a missing member and a null one are the same.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, NoReturn

from hygie.engines.corpus.records import CorpusFormatError, parse_date
from hygie.vocabulary.cve import CVE_PATTERN, CveIdError, parse_cve_id
from hygie.vocabulary.errors import TooLargeError

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator

MAX_DOCUMENT_BYTES: Final = 64 * 1024 * 1024
CVE_NUMBER_MAX_DIGITS: Final = 15

_LINE_ENDS: Final = re.compile(r"[\r\n\v\f\x1c-\x1e\x85\u2028\u2029]+")
_SURROGATE: Final = re.compile(r"\\u[dD][89a-fA-F]")


@dataclass(frozen=True, slots=True)
class Json:
    """A JSON value and its place in the document, such as ``vulnerabilities[3].cve``."""

    value: Any
    place: str = ""

    def refuse(self, message: str) -> NoReturn:
        """Raise the error of this place, on one line whatever the document quotes."""
        place = _LINE_ENDS.sub(" ", self.place)
        raise CorpusFormatError(_LINE_ENDS.sub(" ", message), place=place or None)

    def members(self) -> dict[str, Any]:
        """Return the value, which must be an object.

        Raises:
            CorpusFormatError: as every method here, where the value has another shape.
        """
        if not isinstance(self.value, dict):
            self.refuse("un objet est attendu")
        return self.value

    def get(self, key: str) -> Json:
        """Return a member; its value is None where it is missing."""
        place = f"{self.place}.{key}" if self.place else key
        return Json(self.members().get(key), place)

    def has(self, key: str) -> bool:
        """Tell whether a member is there and not null."""
        return self.members().get(key) is not None

    def each(self, key: str) -> Iterator[Json]:
        """Yield the items of a list member; nothing where it is missing."""
        member = self.get(key)
        if member.value is None:
            return
        if not isinstance(member.value, list):
            member.refuse("une liste est attendue")
        for at, item in enumerate(member.value):
            yield Json(item, f"{member.place}[{at}]")

    def text(self, key: str, *, required: bool = False) -> str:
        """Return a text member, empty where it is missing."""
        member = self.get(key)
        if member.value is None and not required:
            return ""
        return member.as_text()

    def texts(self, key: str) -> list[str]:
        """Return a list of texts, empty where it is missing."""
        return [item.as_text() for item in self.each(key)]

    def as_text(self) -> str:
        """Return the value, which must be a text."""
        if not isinstance(self.value, str):
            self.refuse("un texte est attendu")
        return self.value

    def number(self, key: str) -> float | None:
        """Return a number member, None where it is missing."""
        member = self.get(key)
        if member.value is None:
            return None
        if isinstance(member.value, bool) or not isinstance(member.value, (int, float)):
            member.refuse("un nombre est attendu")
        return float(member.value)

    def day(self, key: str) -> dt.date | None:
        """Return the date at the head of an ISO 8601 member, None where it is missing."""
        text = self.text(key)
        if not text:
            return None
        try:
            return parse_date(text)
        except ValueError:
            self.get(key).refuse(f"date illisible : « {text[:30]} »")

    def iso_day(self, key: str) -> str:
        """Return the date at the head of an ISO 8601 member as text, empty where missing."""
        day = self.day(key)
        return day.isoformat() if day else ""

    def cve_id(self, key: str) -> str:
        """Return a member that must be a CVE identifier."""
        text = self.text(key, required=True)
        try:
            cve_id = parse_cve_id(text)
        except CveIdError as error:
            self.get(key).refuse(error.message)
        if len(cve_id.rpartition("-")[2]) > CVE_NUMBER_MAX_DIGITS:
            self.get(key).refuse(f"numéro CVE trop long : « {cve_id} »")
        return cve_id


def is_cve_id(text: str) -> bool:
    """Tell whether a text is a CVE identifier that the corpus can number."""
    return (
        CVE_PATTERN.fullmatch(text) is not None
        and len(text.rpartition("-")[2]) <= CVE_NUMBER_MAX_DIGITS
    )


def load_json(document: bytes | str, *, source: str, line: int | None = None) -> Json:
    """Return the object a JSON document holds.

    Args:
        document: UTF-8, with or without byte order mark.
        source: name of the file, for errors.
        line: its line, where the file holds one document a line.

    Raises:
        TooLargeError: if it has more than MAX_DOCUMENT_BYTES.
        CorpusFormatError: if it is not JSON, nests too deep, or is not an object.
    """
    if len(document) > MAX_DOCUMENT_BYTES:
        raise TooLargeError(
            f"plus de {MAX_DOCUMENT_BYTES // 1024**2} Mio pour un document",
            source=source,
            line=line,
        )
    try:
        text = document.decode("utf-8-sig") if isinstance(document, bytes) else document
        value = json.loads(text, parse_constant=no_constant)
        check_unicode(text, value)
        if isinstance(document, str):
            document.encode("utf-8")
    except (ValueError, RecursionError) as error:
        raise CorpusFormatError("ce n’est pas du JSON lisible", source=source, line=line) from error
    if not isinstance(value, dict):
        raise CorpusFormatError("un objet JSON est attendu", source=source, line=line)
    return Json(value)


def placed(error: CorpusFormatError, *, source: str, line: int | None = None) -> CorpusFormatError:
    """Return the same error with the file (and line) it happened in."""
    return CorpusFormatError(
        error.message,
        source=source,
        line=line if line is not None else error.line,
        place=error.place,
    )


def check_unicode(text: str, value: object) -> None:
    r"""Refuse a decoded value that UTF-8 cannot hold: ``\\ud800`` alone is half a character.

    Raises:
        ValueError: if the value holds one.
    """
    if "\\u" in text and _SURROGATE.search(text):
        json.dumps(value, ensure_ascii=False).encode("utf-8")


def no_constant(name: str) -> NoReturn:
    """Refuse NaN and Infinity, which Python reads and JSON does not have.

    Raises:
        ValueError: always.
    """
    raise ValueError(f"{name} n’est pas du JSON")
