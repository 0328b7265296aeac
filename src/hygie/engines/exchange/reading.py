"""Read files of unknown origin within bounds: bytes, lines, text.

Plain, gzip and Zstandard files are told apart by their first bytes. Whatever the file, the
memory used stays near the bound that the caller gives, and anything unreadable is one
InputError that names the file.

``structured`` reads JSON and XML from the bytes. Sources: RFC 1952 (gzip), RFC 8878
(Zstandard).
"""

from __future__ import annotations

import io
from contextlib import contextmanager
from typing import TYPE_CHECKING, BinaryIO, Final, cast

from hygie.engines.exchange.decompressing import BoundedStream
from hygie.vocabulary.errors import InputError, TooLargeError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_UTF8_BOM: Final = b"\xef\xbb\xbf"
_UTF16_BOMS: Final = (b"\xff\xfe", b"\xfe\xff")
_FOREIGN: Final = {
    b"PK\x03\x04": "c’est une archive ZIP ; décompressez-la et donnez le fichier qu’elle contient",
    b"BZh": "la compression bzip2 n’est pas lue ; recompressez en gzip ou Zstandard",
    b"\xfd7zXZ": "la compression xz n’est pas lue ; recompressez en gzip ou Zstandard",
    b"7z\xbc\xaf": "c’est une archive 7-Zip ; extrayez le fichier qu’elle contient",
    b"\xd0\xcf\x11\xe0": "c’est un ancien fichier Office (.xls, .doc) ou un classeur chiffré ; "
    "enregistrez-le en .xlsx ou .csv sans mot de passe",
    b"%PDF": "c’est un PDF ; donnez le fichier de données d’origine",
}


@contextmanager
def open_bounded(path: Path, *, max_bytes: int, zip_expected: bool = False) -> Iterator[BinaryIO]:
    """Open a plain, gzip or Zstandard file as a stream of at most ``max_bytes`` plain bytes.

    Args:
        path: the file.
        max_bytes: bound on what is read, after decompression.
        zip_expected: let a ZIP container through as it is (XLSX).

    Raises:
        TooLargeError: while reading, once the bound is passed.
        InputError: if the file is absent, a folder, not ordinary, of a format that is not
            read, or, while reading, if a compressed stream is cut or damaged.
    """
    with _open_ordinary(path) as file:
        head = file.read(8)
        file.seek(0)
        _refuse_foreign(head, source=path.name, zip_expected=zip_expected)
        stream = BoundedStream(file, head=head, max_bytes=max_bytes, source=path.name)
        yield cast("BinaryIO", io.BufferedReader(stream, buffer_size=1 << 16))


def read_bounded(path: Path, *, max_bytes: int, zip_expected: bool = False) -> bytes:
    """Return the plain bytes of a plain, gzip or Zstandard file.

    Raises:
        TooLargeError: if they are more than ``max_bytes``; a decompression bomb ends here.
        InputError: as ``open_bounded``.
    """
    with open_bounded(path, max_bytes=max_bytes, zip_expected=zip_expected) as stream:
        return stream.read()


def iter_lines_bounded(
    path: Path, *, max_line_bytes: int, max_bytes: int, allow_cp1252: bool = False
) -> Iterator[tuple[int, str]]:
    r"""Yield each line with its 1-based number, without its end (``\n`` or ``\r\n``).

    UTF-8, with or without byte order mark. With ``allow_cp1252`` a file may be Windows-1252
    instead, but not both: a file that mixes them is refused at the line where it shows.

    Raises:
        TooLargeError: at a line of more than ``max_line_bytes``, or past ``max_bytes`` in all.
        InputError: as ``open_bounded``, or at a line that is not text.
    """
    decoder = _LineDecoder(source=path.name, allow_cp1252=allow_cp1252)
    with open_bounded(path, max_bytes=max_bytes) as stream:
        number = 0
        while raw := stream.readline(max_line_bytes + 3):
            number += 1
            content = raw.removesuffix(b"\n").removesuffix(b"\r")
            if len(content) > max_line_bytes:
                raise TooLargeError(
                    f"ligne de plus de {max_line_bytes} octets : ce n’est pas le format attendu",
                    source=path.name,
                    line=number,
                )
            yield number, decoder.decode(content, number)


def decode_text(document: bytes, *, source: str, allow_cp1252: bool = False) -> str:
    """Return the text of a UTF-8 document, or of a Windows-1252 one where that is allowed.

    Raises:
        InputError: if the bytes are neither, or hold a NUL (a binary file).
    """
    encoding = detect_encoding(document, source=source, allow_cp1252=allow_cp1252)
    return document.decode(encoding)


def detect_encoding(document: bytes, *, source: str, allow_cp1252: bool = False) -> str:
    """Return ``utf-8-sig``, ``utf-8`` or ``cp1252``, the encoding in which a document reads.

    Raises:
        InputError: as ``decode_text``.
    """
    if document.startswith(_UTF16_BOMS):
        raise InputError("texte en UTF-16 ; enregistrez le fichier en UTF-8", source=source)
    if b"\0" in document:
        raise InputError("fichier binaire, un texte est attendu", source=source)
    wanted = "utf-8-sig" if document.startswith(_UTF8_BOM) else "utf-8"
    for encoding in (wanted, "cp1252") if allow_cp1252 and wanted == "utf-8" else (wanted,):
        try:
            document.decode(encoding)
        except UnicodeDecodeError as error:
            failure = error
        else:
            return encoding
    raise InputError(
        "les caractères ne sont pas de l’UTF-8 ; enregistrez le fichier en UTF-8",
        source=source,
        line=document.count(b"\n", 0, failure.start) + 1,
    ) from failure


class _LineDecoder:
    """Decode line after line; once the file shows which encoding it is in, hold it to that."""

    def __init__(self, *, source: str, allow_cp1252: bool) -> None:
        self._source = source
        self._allow_cp1252 = allow_cp1252
        self._encoding: str | None = None

    def decode(self, content: bytes, number: int) -> str:
        if number == 1:
            if content.startswith(_UTF16_BOMS):
                raise InputError(
                    "texte en UTF-16 ; enregistrez le fichier en UTF-8", source=self._source
                )
            content = content.removeprefix(_UTF8_BOM)
        if b"\0" in content:
            raise InputError(
                "fichier binaire, un texte est attendu", source=self._source, line=number
            )
        if content.isascii():
            return content.decode("ascii")
        for encoding in self._candidates():
            try:
                text = content.decode(encoding)
            except UnicodeDecodeError:
                continue
            self._encoding = encoding
            return text
        raise InputError(
            "les caractères ne sont pas de l’UTF-8 ; enregistrez le fichier en UTF-8",
            source=self._source,
            line=number,
        )

    def _candidates(self) -> tuple[str, ...]:
        if self._encoding:
            return (self._encoding,)
        return ("utf-8", "cp1252") if self._allow_cp1252 else ("utf-8",)


def _open_ordinary(path: Path) -> BinaryIO:
    try:
        if path.is_dir():
            raise InputError("c’est un dossier, un fichier est attendu", source=path.name)
        if path.exists() and not path.is_file():
            raise InputError("ce n’est pas un fichier ordinaire", source=path.name)
        return path.open("rb")
    except FileNotFoundError as error:
        raise InputError("fichier introuvable, vérifiez le chemin", source=path.name) from error
    except (OSError, ValueError) as error:  # ValueError: a NUL in the path
        reason = getattr(error, "strerror", None) or str(error)
        raise InputError(f"ouverture impossible ({reason})", source=path.name) from error


def _refuse_foreign(head: bytes, *, source: str, zip_expected: bool) -> None:
    for magic, message in _FOREIGN.items():
        if head.startswith(magic) and not (zip_expected and magic == b"PK\x03\x04"):
            raise InputError(message, source=source)
