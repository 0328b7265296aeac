from __future__ import annotations

import gzip
import hashlib
import tracemalloc
from contextlib import suppress
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.engines.exchange.finess_samples import etalab_line, etalab_lines
from tests.realdata import shared

from hygie.engines.exchange.finess import read_finess, read_ght
from hygie.vocabulary.errors import InputError

if TYPE_CHECKING:
    from pathlib import Path


def written(tmp_path: Path, content: bytes, name: str = "finess.txt") -> Path:
    path = tmp_path / name
    path.write_bytes(content)
    return path


def test_the_real_table_of_establishments_reads_whole() -> None:
    read = read_finess(shared("etablissements/etablissements.csv.gz"))

    assert (read.kind, read.problem_count) == ("sae", 0)
    assert len(read.establishments) == 9685
    assert sum(record.finess_ej is None for record in read.establishments) == 989
    assert len({record.region_code for record in read.establishments}) == 18
    assert read.sha256 == "8a3f0d19900821eac30be7cd596eddfdc68d83795d2f3c026d3f661c9330631e"


def test_the_real_etalab_extract_reads_whole() -> None:
    read = read_finess(shared("finess/etalab-cs1100502-stock-20260512-extrait.csv"))

    assert (read.kind, read.problem_count) == ("etalab", 0)
    assert str(read.as_of) == "2026-05-12"
    assert len(read.establishments) == 11
    assert {record.department for record in read.establishments} == {
        "01", "971", "972", "973", "974", "976", "986",
    }  # fmt: skip


def test_the_real_finess_plus_example_reads_whole() -> None:
    read = read_finess(shared("finess/finess-structures-journalier-20260309-extrait.json"))

    assert (read.kind, str(read.as_of)) == ("finess_plus", "2026-03-09")
    assert [record.finess for record in read.legal_entities] == ["010000156"]
    assert [record.finess_et for record in read.establishments] == ["010780195"]
    assert len(read.groups) == 5
    assert read.problem_count == 22  # members that the extract does not hold


def test_the_real_ght_read_whole() -> None:
    read = read_ght(shared("etablissements/ght.csv"), shared("etablissements/ght_membres.csv"))

    assert len(read.groups) == 135
    assert sum(len(group.members) for group in read.groups) == 765
    assert all(
        sum(member.role == "support" for member in group.members) == 1 for group in read.groups
    )
    assert read.problem_count == 0


def test_a_compressed_file_is_the_same_file(tmp_path: Path) -> None:
    content = etalab_lines(etalab_line())
    plain = read_finess(written(tmp_path, content))
    packed = read_finess(written(tmp_path, gzip.compress(content), "finess.csv.gz"))

    assert plain.establishments == packed.establishments
    assert plain.sha256 == hashlib.sha256(content).hexdigest()


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"", id="empty"),
        pytest.param(b"<html>maintenance</html>", id="a maintenance page"),
        pytest.param(b"nom;prenom\na;b\n", id="another table"),
        pytest.param(b'{"vulnerabilities": []}', id="another JSON"),
        pytest.param(b'{"pmej": [', id="cut JSON"),
        pytest.param(b'{"pmej": []}', id="no record"),
        pytest.param(b"finess_et,nom\n010000024,a\n", id="missing columns"),
        pytest.param(b"finess;etalab;111;2026-05-12\n", id="etalab without a line"),
        pytest.param(etalab_lines(etalab_line())[:-40], id="etalab cut in its last line"),
        pytest.param(etalab_lines("structureet;x", "structureet;y", etalab_line()), id="garbled"),
    ],
)
def test_another_cut_or_garbled_file_is_refused_in_one_line(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(InputError) as raised:
        read_finess(written(tmp_path, content))

    assert str(raised.value).startswith("finess.txt")
    assert "\n" not in str(raised.value)


@given(
    st.binary(max_size=200)
    | st.binary(max_size=200).map(lambda tail: b"finess;etalab;1;2026-01-01\n" + tail)
    | st.binary(max_size=200).map(lambda tail: b'{"pmej":[' + tail)
    | st.text(max_size=99).map(
        lambda tail: f"finess_et,finess_ej,raison_sociale,region,departement\n{tail}".encode()
    )
)
def test_any_file_is_read_or_refused(
    tmp_path_factory: pytest.TempPathFactory, content: bytes
) -> None:
    path = written(tmp_path_factory.mktemp("any"), content)
    with suppress(InputError):
        read_finess(path)
    with suppress(InputError):
        read_ght(path)
    with suppress(InputError):
        read_ght(path, path)


@pytest.mark.parametrize(
    "head",
    [
        b"finess;etalab;1;2026-01-01\n",
        b'{"pmej":["',
        b"finess_et,finess_ej,raison_sociale,region,departement\n",
    ],
)
def test_two_gigabytes_of_one_line_are_refused_without_their_memory(
    tmp_path: Path, head: bytes
) -> None:
    path = written(tmp_path, head)
    with path.open("r+b") as file:
        file.truncate(2 << 30)  # sparse
    tracemalloc.start()

    with pytest.raises(InputError):
        read_finess(path)

    peak_bytes = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak_bytes < 200 << 20
