"""One large JSON object, read member by member and item by item, in bounded memory.

Yearly feeds hold one list of tens of thousands of records: each item is decoded alone.
"""

from __future__ import annotations

import codecs
import json
import re
from typing import TYPE_CHECKING, Any, BinaryIO, Final

from hygie.engines.corpus.formats.json_places import Json, check_unicode, no_constant
from hygie.engines.corpus.records import CorpusFormatError
from hygie.vocabulary.errors import TooLargeError

if TYPE_CHECKING:
    from collections.abc import Iterator

MAX_ITEM_CHARS: Final = 16 * 1024 * 1024

_CHUNK_BYTES: Final = 1 << 18
_BLANK: Final = re.compile(r"[ \t\r\n]*")


def stream_object(stream: BinaryIO, *, listed: str, source: str) -> Iterator[tuple[str, Json]]:
    """Yield the members of the object a stream holds, in order.

    Args:
        stream: UTF-8 bytes, already bounded by who opened it.
        listed: the member whose items are yielded one by one, as ``(listed, item)``.
        source: name of the file, for errors.

    Raises:
        CorpusFormatError: where the text is not a whole JSON object, half-way; drop all.
        TooLargeError: if one member or item has more than MAX_ITEM_CHARS.
    """
    window = _Window(stream, source)
    window.expect("{", "un objet JSON est attendu")
    if not window.taken("}"):
        while True:
            key = window.value()
            if not isinstance(key, str):
                raise window.error("un nom de membre est attendu")
            window.expect(":", "« : » est attendu")
            if key == listed and window.taken("["):
                yield from _items(window, listed)
            else:
                yield key, Json(window.value(), key)
            if window.taken("}"):
                break
            window.expect(",", "« , » ou « } » est attendu")
    window.expect_end()


def _items(window: _Window, listed: str) -> Iterator[tuple[str, Json]]:
    if window.taken("]"):
        return
    at = 0
    while True:
        yield listed, Json(window.value(), f"{listed}[{at}]")
        at += 1
        if window.taken("]"):
            return
        window.expect(",", "« , » ou « ] » est attendu")


class _Window:
    """A part of the text, filled as it is read."""

    def __init__(self, stream: BinaryIO, source: str) -> None:
        self._stream = stream
        self._source = source
        self._decoder = codecs.getincrementaldecoder("utf-8-sig")()
        self._json = json.JSONDecoder(parse_constant=no_constant)
        self._text = ""
        self._at = 0
        self._ended = False

    def error(self, message: str) -> CorpusFormatError:
        return CorpusFormatError(message, source=self._source)

    def taken(self, character: str) -> bool:
        """Skip blanks, then the character if it comes next."""
        if self._next() != character:
            return False
        self._at += 1
        return True

    def expect(self, character: str, message: str) -> None:
        if not self.taken(character):
            raise self.error(message if self._next() else "document coupé avant sa fin")

    def expect_end(self) -> None:
        if self._next():
            raise self.error("du texte suit la fin de l’objet JSON")

    def value(self) -> Any:  # noqa: ANN401 - JSON of unknown shape
        self._next()
        while True:
            try:
                value, end = self._json.raw_decode(self._text, self._at)
            except (ValueError, RecursionError) as error:
                if self._ended or isinstance(error, RecursionError):
                    message = "JSON illisible, coupé ou trop profond"
                    raise self.error(message) from error
            else:
                # A number that ends with the window may go on in the next one.
                if end < len(self._text) or self._ended:
                    return self._checked(value, end)
            self._fill(len(self._text) - self._at)

    def _checked(self, value: object, end: int) -> object:
        try:
            check_unicode(self._text[self._at : end], value)
        except ValueError as error:
            raise self.error("texte qui n’est pas de l’Unicode valide") from error
        self._at = end
        return value

    def _next(self) -> str:
        while True:
            found = _BLANK.match(self._text, self._at)
            self._at = found.end() if found else self._at
            if self._at < len(self._text):
                return self._text[self._at]
            if self._ended:
                return ""
            self._fill(0)

    def _fill(self, kept: int) -> None:
        """Drop what was read and at least double what is kept."""
        if kept > MAX_ITEM_CHARS:
            raise TooLargeError(
                f"un élément dépasse {MAX_ITEM_CHARS // 1024**2} Mio", source=self._source
            )
        data = self._stream.read(max(_CHUNK_BYTES, kept))
        self._ended = not data
        try:
            more = self._decoder.decode(data, final=self._ended)
        except UnicodeDecodeError as error:
            raise self.error("ce n’est pas de l’UTF-8") from error
        self._text = self._text[self._at :] + more
        self._at = 0
