"""Every reader of documents and texts from outside, with sound documents to spoil."""

from __future__ import annotations

import io
import json
import os
import tempfile
from collections.abc import Callable, Iterator
from functools import cache, partial
from pathlib import Path
from typing import Any, NamedTuple

from tests.engines.corpus.formats.test_csaf import DOCUMENT as CSAF
from tests.engines.corpus.formats.test_nvd import FEED, FEED_1_1
from tests.engines.corpus.formats.test_vex import VEX
from tests.engines.corpus.records_of import line
from tests.engines.fuzzing import samples

from hygie.engines.corpus import kev, version_text
from hygie.engines.corpus.cve_lines import read_cve_lines
from hygie.engines.corpus.epss import read_epss_lines
from hygie.engines.corpus.formats import (
    certfr,
    csaf,
    cve_record,
    cyclonedx_vex,
    nvd,
    osv,
    vers,
    vex,
)
from hygie.engines.corpus.formats.certfr_sentence import read_sentence
from hygie.engines.corpus.severity import base_score
from hygie.engines.corpus.starter import parse_starter
from hygie.engines.exchange import estate, finess, sbom, tabular
from hygie.engines.exchange.bulletins.indicator_files import read_indicators
from hygie.engines.exchange.estate_columns import ESTATE_COLUMNS
from hygie.engines.exchange.structured import parse_json_bounded, parse_xml_bounded
from hygie.engines.matching.aliases import parse_aliases
from hygie.engines.matching.versions import SCHEMES, after_builds, after_updates, version_key
from hygie.vocabulary.cpe import parse_cpe
from hygie.vocabulary.cve import parse_cve_id
from hygie.vocabulary.errors import HygieError
from hygie.vocabulary.finess import parse_finess
from hygie.vocabulary.identity import normal_name
from hygie.vocabulary.purl import parse_purl


class Parser(NamedTuple):
    """A reader, and what it reads.

    Attributes:
        name: for reports and for the command.
        read: bytes to anything; may raise InputError, and nothing else.
        seeds: sound documents.
    """

    name: str
    read: Callable[[bytes], object]
    seeds: list[bytes]


@cache
def parsers() -> tuple[Parser, ...]:
    """Return every parser, in order of name."""
    return tuple(sorted((*_corpus(), *_exchange(), *_texts()), key=lambda parser: parser.name))


def _corpus() -> Iterator[Parser]:
    source = {"source": "fuzz"}
    cves = [
        *samples.lines_of("cve/cve.jsonl.zst", every=997),
        line(configurations=[samples.TREE]).encode(),
    ]
    bulletins = samples.lines_of("certfr/avis.jsonl.zst", every=211)
    yield Parser("csaf", partial(csaf.parse_csaf, **source), [_json(CSAF), *samples.advisories()])
    yield Parser(
        "openvex", partial(vex.parse_openvex, **source), [_json(VEX), *samples.files_of("sbom/vex")]
    )
    yield Parser("nvd", _streamed(nvd.read_nvd), [_json(FEED)])
    yield Parser("nvd-1.1", _streamed(nvd.read_nvd_1_1), [_json(FEED_1_1)])
    yield Parser("cve-lines", _by_line(read_cve_lines), cves)
    yield Parser("cve-record", partial(cve_record.parse_cve_record, **source), [samples.RECORD])
    yield Parser(
        "osv",
        partial(osv.parse_osv, **source),
        [samples.OSV, *samples.lines_of("osv-pypi/pypa-advisories.jsonl.zst", every=501)],
    )
    yield Parser(
        "certfr",
        lambda data: certfr.advisory_of(certfr.parse_bulletin(data, **source)),
        [samples.BULLETIN, *bulletins],
    )
    yield Parser(
        "certfr-index",
        partial(certfr.parse_alert_index, **source),
        [
            (
                b'[{"alert": "CERTFR-2099-ALE-001", "published_at": "2099-01-01", '
                b'"cves": ["CVE-2099-0001"]}]'
            )
        ],
    )
    yield Parser(
        "cyclonedx-vex", partial(cyclonedx_vex.parse_cyclonedx_vex, **source), [samples.CDX]
    )
    yield Parser("kev", partial(kev.parse_kev, **source), [samples.KEV])
    yield Parser("epss", _by_line(read_epss_lines), [samples.EPSS])
    yield Parser(
        "starter",
        partial(parse_starter, **source),
        [b"- {}", b"on: 2099-01-01\nvulnerabilities: []\n"],
    )


def _exchange() -> Iterator[Parser]:
    source = {"source": "fuzz"}
    boms = [samples.CDX, samples.XML, samples.SPDX, *samples.files_of("sbom")]
    yield Parser("sbom", partial(sbom.parse_sbom, **source), boms)
    yield Parser("estate", _estate, [samples.TABLE])
    yield Parser("finess", _on_disk(finess.read_finess), samples.finess_files())
    yield Parser(
        "ght", _on_disk(finess.read_ght), [b"code;nom;finess;role\nG1;GHT;010000024;support\n"]
    )
    yield Parser("json", partial(parse_json_bounded, **source), [samples.CDX, b"[[[[]]]]"])
    yield Parser("xml", partial(parse_xml_bounded, **source), [samples.XML])
    yield Parser(
        "aliases",
        partial(parse_aliases, **source),
        [b"- {identity: a/b, names: [x], packages: ['deb:x']}"],
    )
    yield Parser(
        "indicators",
        partial(read_indicators, source="fuzz", now=samples.NOW),
        [
            b"type,value\nip,192.0.2.1\n",
            (
                b'{"type": "bundle", "objects": [{"type": "indicator", '
                b'"pattern": "[ipv4-addr:value = \'192.0.2.1\']"}]}'
            ),
            b'{"Event": {"Attribute": [{"type": "ip-dst", "value": "192.0.2.1"}]}}',
        ],
    )


def _texts() -> Iterator[Parser]:
    yield Parser("cpe", _each(parse_cpe), [samples.NAMES])
    yield Parser(
        "purl",
        _each(parse_purl),
        [b"pkg:npm/%40a/b@1.0?x=y#z\npkg:maven/g/a@1\npkg:deb/debian/x@1:2-3?arch=a"],
    )
    yield Parser("cve-id", _each(parse_cve_id), [b"CVE-2099-0001\ncve-1999-12345678"])
    yield Parser("finess-number", _each(parse_finess), [b"010000024\n2A0000014"])
    yield Parser("names", _each(_stable_name), [b"4 / 1\nPalo Alto\xc2\xae Networks_x"])
    yield Parser(
        "cvss",
        _each(base_score),
        [b"CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H\nAV:N/AC:L/Au:N/C:P/I:P/A:P"],
    )
    yield Parser("ranges", _each(vers.read_range), [samples.RANGES])
    yield Parser(
        "version-text", _each(version_text.read_version_text), [samples.RANGES, samples.VERSIONS]
    )
    yield Parser("sentences", _each(partial(read_sentence, vendor="Microsoft")), [samples.RANGES])
    for scheme in sorted(SCHEMES):
        yield Parser(
            f"version-{scheme}", _each(partial(_version, scheme=scheme)), [samples.VERSIONS]
        )


def _json(document: Any) -> bytes:  # noqa: ANN401 - JSON
    return json.dumps(document).encode()


def _each(read: Callable[[str], object]) -> Callable[[bytes], object]:
    """Read each line of a text by itself: one refused does not hide the next."""

    def run(data: bytes) -> None:
        refusal: Exception | None = None
        for text in data.decode("utf-8", "replace").split("\n"):
            try:
                read(text)
            except HygieError as error:
                refusal = error
        if refusal is not None:
            raise refusal

    return run


def _by_line(read: Callable[..., Iterator[object]]) -> Callable[[bytes], object]:
    return lambda data: list(
        read(enumerate(data.decode("utf-8", "replace").split("\n"), start=1), source="fuzz")
    )


def _streamed(read: Callable[..., Iterator[object]]) -> Callable[[bytes], object]:
    return lambda data: list(read(io.BytesIO(data), source="fuzz"))


def _on_disk(read: Callable[[Path], object]) -> Callable[[bytes], object]:
    def run(data: bytes) -> object:
        handle, name = tempfile.mkstemp()
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(data)
            return read(Path(name))
        finally:
            Path(name).unlink()

    return run


def _estate(data: bytes) -> None:
    table = tabular.parse_table(data, source="fuzz")
    readers = {
        "domains": estate.read_domains,
        "addresses": estate.read_addresses,
        "applications": estate.read_applications,
        "devices": estate.read_devices,
        "software": estate.read_software,
    }
    refusal: Exception | None = None
    for kind, read in readers.items():
        wanted = dict(zip(ESTATE_COLUMNS[kind], table.header, strict=False))
        try:
            read(table, estate.suggest_columns(kind, table) or wanted, source="fuzz")
        except HygieError as error:
            refusal = error
    if refusal is not None:
        raise refusal


def _stable_name(text: str) -> None:
    once = normal_name(text)
    assert normal_name(once) == once


def _version(text: str, scheme: str) -> None:
    key = version_key(text, scheme)
    for ceiling in (after_builds(text, scheme), after_updates(text, scheme)):
        assert ceiling is None or key < ceiling
