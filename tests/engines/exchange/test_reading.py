from __future__ import annotations

import gzip
import os
import tracemalloc
from contextlib import suppress
from typing import TYPE_CHECKING

import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from hygie.engines.exchange.reading import (
    decode_text,
    detect_encoding,
    iter_lines_bounded,
    open_bounded,
    read_bounded,
)
from hygie.vocabulary.errors import InputError, TooLargeError

if TYPE_CHECKING:
    from pathlib import Path

TEXT = "Hôpital d’exemple\n".encode() * 200


def written(tmp_path: Path, content: bytes, name: str = "fichier.dat") -> Path:
    path = tmp_path / name
    path.write_bytes(content)
    return path


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(TEXT, id="plain"),
        pytest.param(gzip.compress(TEXT), id="gzip"),
        pytest.param(gzip.compress(TEXT[:100]) + gzip.compress(TEXT[100:]), id="two members"),
        pytest.param(gzip.compress(TEXT) + b"\0" * 512, id="padded"),
        pytest.param(zstandard.compress(TEXT), id="zstd"),
        pytest.param(zstandard.compress(TEXT[:99]) + zstandard.compress(TEXT[99:]), id="frames"),
    ],
)
def test_plain_and_compressed_files_read_the_same(tmp_path: Path, content: bytes) -> None:
    assert read_bounded(written(tmp_path, content), max_bytes=len(TEXT)) == TEXT


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"x" * 1001, id="plain"),
        pytest.param(gzip.compress(b"x" * 1001), id="gzip"),
        pytest.param(zstandard.compress(b"x" * 1001), id="zstd"),
    ],
)
def test_more_than_the_bound_is_refused(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(TooLargeError, match=r"fichier\.dat : contenu de plus de 1000 octets"):
        read_bounded(written(tmp_path, content), max_bytes=1000)


@pytest.mark.parametrize("pack", [gzip.compress, zstandard.compress])
def test_a_bomb_is_refused_without_taking_its_memory(tmp_path: Path, pack) -> None:  # type: ignore[no-untyped-def] # noqa: ANN001 - two unlike signatures
    path = written(tmp_path, pack(bytes(1 << 28)))
    tracemalloc.start()

    with pytest.raises(TooLargeError):
        read_bounded(path, max_bytes=1 << 20)

    peak_bytes = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak_bytes < 100 << 20


@pytest.mark.parametrize("pack", [gzip.compress, zstandard.compress])
def test_a_cut_or_damaged_stream_is_never_a_short_file(tmp_path: Path, pack) -> None:  # type: ignore[no-untyped-def] # noqa: ANN001 - two unlike signatures
    packed = pack(os.urandom(5000))

    with pytest.raises(InputError, match="tronqué"):
        read_bounded(written(tmp_path, packed[:-5]), max_bytes=1 << 20)
    with pytest.raises(InputError, match="abîmé"):
        read_bounded(written(tmp_path, packed + b"garbage"), max_bytes=1 << 20)


def test_what_is_not_an_ordinary_file_is_refused(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "tube")

    with pytest.raises(InputError, match="introuvable"):
        read_bounded(tmp_path / "absent.csv", max_bytes=10)
    with pytest.raises(InputError, match="dossier"):
        read_bounded(tmp_path, max_bytes=10)
    with pytest.raises(InputError, match="ordinaire"):
        read_bounded(tmp_path / "tube", max_bytes=10)
    with pytest.raises(InputError):
        read_bounded(tmp_path / "a\0b", max_bytes=10)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"PK\x03\x04....", "ZIP"),
        (b"BZh91AY", "bzip2"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", "mot de passe"),
        (b"%PDF-1.7", "PDF"),
    ],
)
def test_known_foreign_formats_are_named(tmp_path: Path, content: bytes, message: str) -> None:
    with pytest.raises(InputError, match=message):
        read_bounded(written(tmp_path, content), max_bytes=100)


def test_a_zip_passes_where_it_is_expected(tmp_path: Path) -> None:
    path = written(tmp_path, b"PK\x03\x04rest")

    assert read_bounded(path, max_bytes=100, zip_expected=True) == b"PK\x03\x04rest"


def test_lines_come_with_their_number_and_without_their_end(tmp_path: Path) -> None:
    path = written(tmp_path, b"\xef\xbb\xbfun\r\ndeux\n\ntrois")

    lines = list(iter_lines_bounded(path, max_line_bytes=5, max_bytes=100))

    assert lines == [(1, "un"), (2, "deux"), (3, ""), (4, "trois")]


def test_one_endless_line_is_refused_early(tmp_path: Path) -> None:
    path = tmp_path / "ligne.csv"
    with path.open("wb") as file:
        file.truncate(2 << 30)  # sparse: 2 GiB without a line end
    tracemalloc.start()

    with pytest.raises(TooLargeError, match="ligne 1"):
        list(iter_lines_bounded(path, max_line_bytes=1 << 16, max_bytes=4 << 30))

    peak_bytes = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak_bytes < 2 << 20


def test_windows_text_reads_only_where_allowed(tmp_path: Path) -> None:
    path = written(tmp_path, "nom\nHôpital\n".encode("cp1252"))

    allowed = iter_lines_bounded(path, max_line_bytes=99, max_bytes=99, allow_cp1252=True)
    assert [text for _, text in allowed] == ["nom", "Hôpital"]
    with pytest.raises(InputError, match="ligne 2 : les caractères"):
        list(iter_lines_bounded(path, max_line_bytes=99, max_bytes=99))


def test_a_file_in_two_encodings_is_refused(tmp_path: Path) -> None:
    path = written(tmp_path, "été\n".encode() + "été\n".encode("cp1252"))

    with pytest.raises(InputError, match="ligne 2"):
        list(iter_lines_bounded(path, max_line_bytes=99, max_bytes=99, allow_cp1252=True))


@pytest.mark.parametrize("content", [b"a\0b\n", "un".encode("utf-16")])
def test_binary_lines_are_refused(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(InputError):
        list(iter_lines_bounded(written(tmp_path, content), max_line_bytes=99, max_bytes=99))


def test_encodings_are_told_apart() -> None:
    assert detect_encoding("é".encode(), source="x") == "utf-8"
    assert detect_encoding(b"\xef\xbb\xbfa", source="x") == "utf-8-sig"
    assert detect_encoding(b"\xe9", source="x", allow_cp1252=True) == "cp1252"
    assert decode_text(b"\xef\xbb\xbfa", source="x") == "a"


@pytest.mark.parametrize("document", [b"a\nb\xe9", b"a\n\x81\xe9", "é".encode("utf-16"), b"\0"])
def test_undecodable_text_is_refused(document: bytes) -> None:
    with pytest.raises(InputError):
        decode_text(document, source="x", allow_cp1252=document[2:3] == b"\x81")


@given(
    content=st.binary(max_size=300)
    | st.binary(max_size=300).map(lambda tail: b"\x1f\x8b" + tail)
    | st.binary(max_size=300).map(lambda tail: b"\x28\xb5\x2f\xfd" + tail)
)
def test_any_file_is_read_or_refused(
    tmp_path_factory: pytest.TempPathFactory, content: bytes
) -> None:
    path = written(tmp_path_factory.mktemp("any"), content)
    with suppress(InputError):
        list(iter_lines_bounded(path, max_line_bytes=100, max_bytes=250, allow_cp1252=True))


def test_an_error_of_the_reader_is_not_disguised(tmp_path: Path) -> None:
    path = written(tmp_path, b"abc")

    with pytest.raises(ValueError, match="mine"), open_bounded(path, max_bytes=10):
        raise ValueError("mine")
