from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hygie.engines.corpus.container import (
    CorpusFileError,
    checksum_holds,
    open_container,
    write_container,
)

TABLE = pa.table({"n": pa.array([1, 2, 3], pa.int32()), "s": ["a", "b", "c"]})


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "corpus.hygie"
    write_container(path, {"t": TABLE, "empty": TABLE.slice(0, 0)}, {"built_at": "x"})
    return path


def test_tables_come_back_as_they_went(file: Path) -> None:
    container = open_container(file)

    assert container.tables["t"].equals(TABLE)
    assert container.tables["empty"].num_rows == 0
    assert container.description == {"built_at": "x"}
    assert checksum_holds(file)


def test_the_same_content_has_the_same_name(file: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.hygie"
    write_container(other, {"t": TABLE, "empty": TABLE.slice(0, 0)}, {"built_at": "x"})

    assert open_container(other).checksum == open_container(file).checksum


def test_nothing_is_left_beside_the_file(file: Path) -> None:
    assert list(file.parent.iterdir()) == [file]


def test_a_changed_byte_shows_in_the_checksum(file: Path) -> None:
    content = bytearray(file.read_bytes())
    content[300] ^= 1
    file.write_bytes(content)

    assert not checksum_holds(file)


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        (lambda content: content[:-1], "incomplet"),
        (lambda content: content + b"x", "incomplet"),
        (lambda content: content[:40], "pas un corpus"),
        (lambda _content: b"", "pas un corpus"),
        (lambda _content: b"PK\x03\x04" * 100, "pas un corpus"),
        (lambda content: content[:8] + b"\x63" + content[9:], "format 99"),
        (lambda content: content[:-30] + b"{" * 30, "abîmé"),
        (lambda content: content[:12] + b"\xff" * 8 + content[20:], "abîmé"),
    ],
)
def test_a_foreign_or_cut_file_is_refused_in_one_line(
    file: Path, damage: object, said: str
) -> None:
    assert callable(damage)
    file.write_bytes(damage(file.read_bytes()))

    with pytest.raises(CorpusFileError, match=said) as caught:
        open_container(file)

    assert "\n" not in str(caught.value)


def test_an_absent_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CorpusFileError):
        open_container(tmp_path / "none.hygie")


def test_an_unwritable_place_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    with pytest.raises(CorpusFileError):
        write_container(tmp_path / "file" / "corpus.hygie", {"t": TABLE}, {})


@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_damage_anywhere_is_an_error_or_harmless(
    data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.mktemp("damage") / "corpus.hygie"
    write_container(path, {"t": TABLE}, {})
    content = bytearray(path.read_bytes())
    at = data.draw(st.integers(0, len(content) - 1))
    content[at] = data.draw(st.integers(0, 255))
    path.write_bytes(content)
    try:
        open_container(path)
    except CorpusFileError:
        return
