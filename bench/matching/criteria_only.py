"""The CPE criteria of the CVE records alone: what every peer can read, in our form and theirs."""

from __future__ import annotations

import json
import re
import sqlite3
from typing import TYPE_CHECKING, Any, Final

from hygie.engines.corpus.compiling import Compiler
from hygie.engines.corpus.cve_lines import parse_cve_line
from hygie.engines.exchange.reading import iter_lines_bounded
from hygie.engines.matching import versions
from hygie.engines.matching.matcher import Matcher
from hygie.engines.matching.verdicts import Judge
from hygie.engines.matching.versions import VersionError, version_key
from hygie.vocabulary.cpe import CpeError, escape, parse_cpe, plain
from hygie.vocabulary.facts import Component

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

FIELDS: Final = ("configurations", "anchore_configurations", "cpe_applicability")
BOUNDS: Final = (
    *("versionStartIncluding", "versionStartExcluding"),
    *("versionEndIncluding", "versionEndExcluding"),
)
NUMBERS_DECIDE: Final = "range, a letter before plain numbers: the numbers decide for us"
"""r16.0 stands above 6.5; a tool that reads the letter as a pre-release is wrong there."""

_KEPT: Final = ("id", "status", "source", "published", *FIELDS)
_DOCUMENT_MAX_BYTES: Final = 1 << 33

Row = tuple[str, str, str, str, str, str, str, str]


class Criteria:
    """Rows as cve-bin-tool keeps them, and the same compiled by us.

    Attributes:
        rows: cve, vendor, product, version and the four bounds, empty when absent.
        matcher: over the same criteria, each AND kept as a condition.
    """

    def __init__(self, rows: list[Row], matcher: Matcher) -> None:
        self.rows = rows
        self.matcher = matcher
        self._of: dict[tuple[str, str], list[Row]] = {}
        for row in rows:
            self._of.setdefault(row[1:3], []).append(row)

    def found(self, vendor: str, product: str, version: str) -> set[str]:
        """Return what we find for one component, sure or not: conditions cannot be decided."""
        attributes = ":".join(map(escape, (vendor, product, version)))
        name = f"cpe:2.3:*:{attributes}:*:*:*:*:*:*:*"
        component = Component(product, version, cpe=name, vendor=vendor)
        judge = Judge(self.matcher.columns, self.matcher.place([component], together=False))
        return {verdict.cve_id for verdict in judge.verdicts(0)}

    def why(  # noqa: PLR0911 - one return a class
        self, component: tuple[str, str, str], cve_id: str
    ) -> str:
        """Put in a class a CVE that only one side finds."""
        rows = [row for row in self._of.get(component[:2], ()) if row[0] == cve_id]
        exact = [row[3] for row in rows if row[3] not in ("*", "-")]
        if any(row[3] == "-" for row in rows) and not exact:
            return "criterion without version (« - »)"
        if component[2] in exact:
            return "exact version, spelt the same"
        if any(_same(component[2], text) for text in exact):
            return "exact version, spelt otherwise"
        if any(component[2].lower() != text and _updates(component[2], text) for text in exact):
            return "update of an exact version (CPE update ANY)"
        unreadable = [bound for row in rows for bound in row[4:] if bound and not _readable(bound)]
        if unreadable or not _readable(component[2]):
            return "bound or version that cannot be read: unknown for us"
        if rows and _plain((component[2], *(b for row in rows for b in row[4:] if b))):
            return NUMBERS_DECIDE
        if re.search(
            r"[a-z]", "".join((component[2], *(b for row in rows for b in row[4:]))), re.IGNORECASE
        ):
            return "range, words inside versions ordered otherwise"
        return "range, numbers ordered otherwise" if rows else "no criterion of that name"

    def write_database(self, path: Path) -> Path:
        """Write cve-bin-tool's tables, with the index its look-up needs."""
        connection = sqlite3.connect(path)
        connection.executescript(
            "CREATE TABLE cve_severity (cve_number TEXT, severity TEXT, description TEXT, "
            "score INTEGER, cvss_version INTEGER, cvss_vector TEXT, data_source TEXT, "
            "last_modified TIMESTAMP, PRIMARY KEY (cve_number, data_source));"
            "CREATE TABLE cve_range (cve_number TEXT, vendor TEXT, product TEXT, version TEXT, "
            "versionStartIncluding TEXT, versionStartExcluding TEXT, versionEndIncluding TEXT, "
            "versionEndExcluding TEXT, data_source TEXT);"
        )
        connection.executemany(
            "INSERT INTO cve_range VALUES (?, ?, ?, ?, ?, ?, ?, ?, 'NVD')", self.rows
        )
        cves = sorted({row[0] for row in self.rows})
        connection.executemany(
            "INSERT INTO cve_severity VALUES (?, 'HIGH', 'text', 7, 3, '', 'NVD', '2024-01-01')",
            [(cve_id,) for cve_id in cves],
        )
        connection.execute("CREATE INDEX repaired ON cve_range (vendor, product, version)")
        connection.commit()
        connection.close()
        return path


def read_criteria(data: Path) -> Criteria:
    """Read the criteria of every CVE record."""
    compiler = Compiler(versions)
    rows: list[Row] = []
    lines = iter_lines_bounded(
        data / "cve" / "cve.jsonl.zst", max_line_bytes=1 << 24, max_bytes=_DOCUMENT_MAX_BYTES
    )
    for _, text in lines:
        whole = json.loads(text)
        record = {key: whole[key] for key in _KEPT if key in whole}
        compiler.add_record(parse_cve_line(json.dumps(record)))
        if record.get("status") != "Rejected":
            rows += _rows(record)
    return Criteria(list(dict.fromkeys(rows)), Matcher(compiler.tables()))


def _rows(record: dict[str, Any]) -> Iterator[Row]:
    nodes = [node for field in FIELDS for node in record.get(field, [])]
    while nodes:
        node = nodes.pop()
        nodes += node.get("children", [])
        for match in node.get("cpeMatch", []):
            if match.get("vulnerable", True):
                yield from _row(record["id"], match)


def _row(cve_id: str, match: dict[str, Any]) -> Iterator[Row]:
    try:
        name = parse_cpe(match["criteria"])
    except CpeError:
        return
    update = plain(name.update)
    version = plain(name.version) + (f".{update}" if update else "") or name.version
    start, after, end, before = (match.get(bound, "") for bound in BOUNDS)
    yield (cve_id, plain(name.vendor), plain(name.product), version, start, after, end, before)


def _readable(text: str) -> bool:
    try:
        version_key(text, "generic")
    except VersionError:
        return False
    return True


def _plain(texts: tuple[str, ...]) -> bool:
    """Tell plain numbers, one of them at least behind a letter that only says "version"."""
    plain_ = all(re.fullmatch(r"[rv]?\d+(\.\d+)*", text, re.IGNORECASE) for text in texts)
    return plain_ and any(not text[0].isdigit() for text in texts)


def _same(left: str, right: str) -> bool:
    if not (_readable(left) and _readable(right)):
        return False
    return version_key(left, "generic") == version_key(right, "generic")


def _updates(version: str, exact: str) -> bool:
    if not (_readable(version) and _readable(exact)):
        return False
    ceiling = versions.after_updates(exact, "generic")
    low, key = version_key(exact, "generic"), version_key(version, "generic")
    return ceiling is not None and low <= key < ceiling
