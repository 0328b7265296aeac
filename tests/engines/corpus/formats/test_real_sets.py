"""The readers on whole official sets: everything is read, and how much of it decides."""

from __future__ import annotations

import io
import tarfile
from collections import Counter
from functools import cache
from pathlib import Path

import pytest
import zstandard
from tests.realdata import shared

from hygie.domain.veille.corpora import Corpus
from hygie.engines.corpus.compiling import Compiler
from hygie.engines.corpus.container import write_container
from hygie.engines.corpus.formats import certfr, csaf, cyclonedx_vex, detect, osv
from hygie.engines.corpus.formats.advisory import Advisory
from hygie.engines.corpus.formats.certfr_sentence import IN_PLACE_NOTE
from hygie.engines.corpus.opened import CorpusFile
from hygie.engines.exchange import reading
from hygie.engines.matching import versions
from hygie.vocabulary.facts import Component

MEBIBYTES_64 = 64 * 1024**2
EVERY_LINE = {"max_line_bytes": MEBIBYTES_64, "max_bytes": 1024**3}


@cache
def _advisories(path: Path) -> tuple[Advisory, ...]:
    with path.open("rb") as file, zstandard.ZstdDecompressor().stream_reader(file) as plain:
        archive = tarfile.open(fileobj=io.BytesIO(plain.read()))  # noqa: SIM115 - in memory
    documents = (member for member in archive.getmembers() if member.name.endswith(".json"))
    found = []
    for member in documents:
        handle = archive.extractfile(member)
        document = handle.read() if handle else b""
        if b'"csaf_version"' in document:
            found.append(csaf.parse_csaf(document, source=member.name))
    return tuple(found)


@pytest.mark.slow
def test_every_csaf_advisory_of_cisa_is_read() -> None:
    advisories = _advisories(shared("csaf/cisa-csaf.tar.zst"))
    statements = [s for a in advisories for r in a.records for s in r.statements]
    undecided = sum(any(span.note for span in s.spans) for s in statements)
    assert len(advisories) == 2383
    assert sum(len(a.records) for a in advisories) == 7916
    assert not any(a.left_out for a in advisories)
    assert {s.vex_status for s in statements} == {"affected", "fixed", "not_affected"}
    assert all(s.dated and s.document for s in statements)
    assert undecided / len(statements) < 0.08


def _medical(path: Path) -> list[Advisory]:
    return [a for a in _advisories(path) if a.reference.startswith("ICSMA-")]


@pytest.fixture(scope="module")
def medical(tmp_path_factory: pytest.TempPathFactory) -> Corpus:
    """A corpus of the medical advisories alone."""
    compiler = Compiler(versions)
    for advisory in _medical(shared("csaf/cisa-csaf.tar.zst")):
        compiler.add_records(advisory.records)
    path = tmp_path_factory.mktemp("corpus") / "medical.corpus"
    write_container(path, compiler.tables(), {})
    return Corpus(CorpusFile.open(path))


@pytest.mark.slow
def test_every_medical_advisory_is_found_by_a_plain_inventory_line(medical: Corpus) -> None:
    advisories = _medical(shared("csaf/cisa-csaf.tar.zst"))
    assert len(advisories) == 144
    for advisory in advisories:
        for record in advisory.records:
            touched = [s for s in record.statements if s.vex_status == "affected"]
            lines = [_plain_line(s.identity, record.aliases) for s in touched]
            for line, (_, verdicts) in zip(lines, medical.verdicts(lines), strict=True):
                found = {verdict.cve_id for verdict in verdicts}
                assert record.cve_id in found, (advisory.reference, line)


def _plain_line(identity: str, aliases: tuple[tuple[str, str], ...]) -> Component:
    """The shortest way to write a product: its vendor's short name, and its own."""
    names = [identity, *(alias for alias, of in aliases if of == identity)]
    vendor, name = min(names, key=len).split("/", 1)
    return Component(name=name.replace("_", " "), vendor=vendor.replace("_", " "))


@pytest.mark.slow
@pytest.mark.parametrize(
    ("vendor", "name", "version", "status"),
    [
        ("BD", "Alaris PCU 8015", "12.1.1", "affected"),
        ("BD", "Alaris PCU 8015", "12.3", "not affected"),
        ("Philips", "Vue PACS", "12.2.1", "affected"),
        ("Baxter", "Welch Allyn Connex Spot Monitor", "1.50", "affected"),
        ("Baxter", "Welch Allyn Connex Spot Monitor", "1.53", "not affected"),
        ("Fresenius Kabi", "Agilia Connect WiFi", "D25", "affected"),
        ("B. Braun", "SpaceStation with SpaceCom 2", "L80", "affected"),
        ("Medtronic", "MMT-1715", "", "affected"),
        ("Medtronic", "MiniMed 630G", "1.0", "unknown"),
        ("Philips", "PageWriter TC30", "2015", "unknown"),
        ("Contec", "CMS8000", "", "affected"),
    ],
)
def test_a_device_is_judged_by_its_own_branch(
    medical: Corpus, vendor: str, name: str, version: str, status: str
) -> None:
    [(_, verdicts)] = medical.verdicts([Component(name=name, version=version, vendor=vendor)])
    found = {str(verdict.status) for verdict in verdicts}
    assert (
        next((each for each in ("affected", "unknown") if each in found), "not affected") == status
    )


@pytest.mark.slow
def test_every_bulletin_of_certfr_is_read() -> None:
    kinds: Counter[str] = Counter()
    left_out: Counter[str] = Counter()
    for name in ("certfr/avis.jsonl.zst", "certfr/alertes.jsonl.zst"):
        path = shared(name)
        for bulletin in certfr.read_bulletin_lines(
            reading.iter_lines_bounded(path, **EVERY_LINE), source=path.name
        ):
            advisory = certfr.advisory_of(bulletin)
            kinds[bulletin.kind] += 1
            left_out.update(advisory.left_out)
            told = bulletin.cve_ids and any(system.identity for system in bulletin.systems)
            assert bool(advisory.records and advisory.records[0].statements) == bool(told)
            assert told or advisory.left_out
    assert kinds == {"AVI": 4025, "ALE": 78}
    assert left_out["CERT-FR : bulletin sans identifiant CVE"] == 191
    assert len(certfr.parse_alert_index(
        shared("certfr/ale_index_2026-07-24.json").read_bytes(), source="index"
    )) == 261  # fmt: skip


@pytest.mark.slow
def test_most_lines_of_certfr_give_versions() -> None:
    read: Counter[str] = Counter()
    for name in ("certfr/avis.jsonl.zst", "certfr/alertes.jsonl.zst"):
        path = shared(name)
        lines = reading.iter_lines_bounded(path, **EVERY_LINE)
        for bulletin in certfr.read_bulletin_lines(lines, source=path.name):
            read.update(_reading(system) for system in bulletin.systems)
    total = sum(read.values())
    decided, bounded = read["decided"] / total, read["bounds, with a reason"] / total
    assert total == 33_877
    # Measured: 50.7 % decide, 38.2 % give versions that do not decide, 9.3 % give none, each
    # with its reason; 1.8 % are not read.
    assert decided > 0.50
    assert decided + bounded > 0.88
    assert read["unread"] / total < 0.02


def _reading(system: certfr.AffectedSystem) -> str:
    spans = system.sentence.spans
    if not any(span.note for span in spans):
        return "decided"
    if all(span.exact or span.start or span.end for span in spans):
        return "bounds, with a reason"
    if spans[0].note == IN_PLACE_NOTE or spans[0].note.startswith(("sans ", "aucune ")):
        return "no version, with a reason"
    return "unread"


@pytest.mark.slow
def test_every_pypi_advisory_is_read() -> None:
    path = shared("osv-pypi/pypa-advisories.jsonl.zst")
    lines = reading.iter_lines_bounded(path, **EVERY_LINE)
    advisories = list(osv.read_osv_lines(lines, source=path.name))
    assert len(advisories) == 2661
    assert sum(bool(a.closed) for a in advisories) == 10
    assert sum(len(a.records) for a in advisories) == 2638
    statements = [s for a in advisories for r in a.records for s in r.statements]
    assert {s.scheme for s in statements} == {"pypi"}
    assert not any(span.note for s in statements for span in s.spans)


def test_every_cyclonedx_vex_example_is_read() -> None:
    folder = shared("sbom/vex")
    boms = [path.read_bytes() for path in folder.glob("*bom*.json")]
    statuses: Counter[str] = Counter()
    left_out = 0
    for path in sorted(folder.glob("*vex*.json")):
        advisory = cyclonedx_vex.parse_cyclonedx_vex(
            path.read_bytes(), source=path.name, others=boms
        )
        statuses.update(s.vex_status for r in advisory.records for s in r.statements)
        left_out += len(advisory.left_out)
    assert statuses.keys() == {"affected", "not_affected", "fixed", "under_investigation"}
    assert left_out < 20


def test_every_official_file_is_recognised() -> None:
    kinds = {
        "certfr/avis.jsonl.zst": "certfr",
        "certfr/ale_index_2026-07-24.json": "certfr-index",
        "cve/cve.jsonl.zst": "cve-lines",
        "osv-pypi/pypa-advisories.jsonl.zst": "osv",
    }
    for name, kind in kinds.items():
        reader = detect.read_any(shared(name), files=reading)
        assert reader.kind == kind
        assert next(reader.documents()).reference
