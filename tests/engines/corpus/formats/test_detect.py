import gzip
import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.engines.corpus.formats.csaf_documents import PUMP, csaf
from tests.engines.corpus.formats.documents import as_bytes
from tests.engines.corpus.formats.test_certfr import AVIS
from tests.engines.corpus.formats.test_cve_record import RECORD
from tests.engines.corpus.formats.test_cyclonedx_vex import BOM
from tests.engines.corpus.formats.test_nvd import FEED, FEED_1_1
from tests.engines.corpus.formats.test_osv import OSV
from tests.engines.corpus.formats.test_vex import VEX

from hygie.engines.corpus.formats.detect import Found, Kind, UnknownFormatError, read_any, recognise
from hygie.engines.exchange import reading
from hygie.vocabulary.errors import InputError

CVE_LINE = {"id": "CVE-2099-0011", "description": "A flaw", "source": "cve-record"}
INDEX = [{"alert": "CERTFR-2099-ALE-001", "published_at": "2099-01-01", "cves": ["CVE-2099-0001"]}]
SAMPLES = [
    (Kind.NVD_2_0, FEED, "CVE-2099-0001"),
    (Kind.NVD_1_1, FEED_1_1, "CVE-2099-0002"),
    (Kind.CVE_RECORD, RECORD, "CVE-2099-0003"),
    (Kind.OSV, OSV, "PYSEC-2099-1"),
    (Kind.CSAF, csaf(PUMP, status={"known_affected": ["P-OLD"]}), "ACME-2099-1"),
    (Kind.CERTFR, AVIS, "CERTFR-2099-AVI-0001"),
    (Kind.CERTFR_INDEX, INDEX, "CERTFR-2099-ALE-001"),
    (Kind.OPENVEX, VEX, "https://example.org/vex/1"),
    (Kind.CYCLONEDX, BOM, BOM["serialNumber"]),
    (Kind.CVE_LINES, CVE_LINE, "CVE-2099-0011"),
]


@pytest.mark.parametrize(("kind", "document", "reference"), SAMPLES, ids=[k for k, *_ in SAMPLES])
def test_a_file_is_known_by_its_content(
    kind: Kind, document: object, reference: str, tmp_path: Path
) -> None:
    path = tmp_path / "mirror.bin"
    path.write_bytes(gzip.compress(json.dumps(document, indent=1).encode()))
    if kind is Kind.CVE_LINES:
        path.write_bytes(as_bytes(document))
    reader = read_any(path, files=reading)
    [advisory] = reader.documents()
    assert (reader.kind, advisory.reference) == (kind, reference)
    assert list(reader.records()) == list(advisory.records)


@pytest.mark.parametrize("document", [RECORD, OSV, AVIS, CVE_LINE])
def test_a_document_a_line_is_read_line_by_line(document: object, tmp_path: Path) -> None:
    path = tmp_path / "all.jsonl"
    path.write_bytes(as_bytes(document) + b"\n" + as_bytes(document) + b"\n")
    assert len(list(read_any(path, files=reading).documents())) == 2


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b'{"title": "x", "catalogVersion": "1", "vulnerabilities": []}', Kind.KEV),
        (b"#model_version:v2025,score_date:2099-01-01\ncve,epss,percentile\n", Kind.EPSS),
    ],
)
def test_what_only_marks_cves_is_known_and_left_to_its_reader(
    content: bytes, kind: Kind, tmp_path: Path
) -> None:
    assert recognise(content) == Found(kind, by_lines=False)
    path = tmp_path / "marks"
    path.write_bytes(content)
    with pytest.raises(UnknownFormatError):
        read_any(path, files=reading)


@pytest.mark.parametrize(
    "content", [b"", b"{}", b"[]", b"id;name\n", b'{"spdxVersion": "SPDX-2.3"}']
)
def test_anything_else_is_refused_with_what_is_expected(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "other"
    path.write_bytes(content)
    with pytest.raises(UnknownFormatError, match="CSAF"):
        read_any(path, files=reading)


def test_a_head_cut_in_the_middle_is_enough() -> None:
    for kind, document, _ in SAMPLES:
        text = as_bytes(document)
        found = recognise(text[: max(len(text) // 2, 120)])
        assert found
        assert found.kind == kind


def test_a_malformed_file_names_itself(tmp_path: Path) -> None:
    path = tmp_path / "avis.json"
    path.write_bytes(as_bytes(AVIS | {"cves": 3}))
    with pytest.raises(InputError) as caught:
        list(read_any(path, files=reading).documents())
    assert (caught.value.source, caught.value.place) == ("avis.json", "cves")


@given(st.binary(max_size=200) | st.text(alphabet='{}[]",:a1 ', max_size=80).map(str.encode))
@settings(max_examples=200)
def test_any_bytes_are_recognised_or_not(head: bytes) -> None:
    found = recognise(head)
    assert found is None or found.kind in Kind
