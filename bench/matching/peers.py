"""The same work by other tools, side by side in one run, with what each does and does not do."""

from __future__ import annotations

import json
import random
import sqlite3
import statistics
import subprocess
import tempfile
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from bench.matching.criteria_only import NUMBERS_DECIDE, Criteria, read_criteria
from bench.matching.environment import peers_python
from bench.matching.nation import products
from bench.matching.timing import Times, once, repeated
from hygie.engines.matching.kernel import OPEN, spread
from hygie.engines.matching.national.placing import place_texts
from hygie.engines.matching.national.touching import intervals, touch
from hygie.engines.matching.versions import VersionError, version_key

if TYPE_CHECKING:
    from hygie.engines.matching.columns import Column
    from hygie.engines.matching.matcher import Matcher
    from hygie.engines.matching.national.placing import Places

COMPONENTS: Final = 300_000
LOOKED_UP: Final = 400
SQL_LOOKED_UP: Final = 300
REPEATS: Final = 5
THREADS: Final = 2
"""Of ours as of DuckDB and Polars."""
_PROGRAMS: Final = Path(__file__).parent / "programs"
_TIMEOUT_S: Final = 3600

_Bounds = tuple[str, str, str, str, str]


def measure(data: Path) -> None:
    """Compare with every peer that can be run here."""
    print("\n### Peers, same corpus: CPE criteria of the CVE records, every AND taken apart\n")
    python = peers_python()
    if python is None:
        print("- the peers' environment could not be built (no network): peers not run")
        return
    criteria = read_criteria(data)
    for profile in ("old", "fresh"):
        _joins(criteria.matcher, python, fresh=profile == "fresh")
    _lookups(criteria, python)


def _joins(matcher: Matcher, python: Path, *, fresh: bool) -> None:
    columns = matcher.columns
    identities, versions = products(columns, COMPONENTS, fresh=fresh)
    places = place_texts(matcher, identities, versions)
    (places_, cves), ours = _ours(matcher, places)
    with tempfile.TemporaryDirectory() as folder:
        _write_parquet(matcher, places, Path(folder))
        command = [str(python), str(_PROGRAMS / "joins.py"), folder, str(REPEATS)]
        done = subprocess.run(command, check=True, capture_output=True, timeout=_TIMEOUT_S)
    title = "fresh" if fresh else "old"
    print(f"- {title} estate, {COMPONENTS:,} products, {len(cves):,} (product, CVE) pairs out:")
    print(f"  - ours, intervals expanded to the same pairs: {ours}")
    for name, found in json.loads(done.stdout).items():
        times = Times(*(statistics.median(t[k] for t in found["times"]) for k in (0, 1)))
        same = "same pairs" if found["pairs"] == len(places_) else f"{found['pairs']:,} pairs"
        print(
            f"  - **{name}: {times}, {times.clock_s / ours.clock_s:.1f} times ours on the clock, "
            f"{times.work_s / ours.work_s:.1f} by processor**; {same}; positions given ready"
        )
    goal = 2 if fresh else 10
    print(f"  - goal: {goal} times; neither evaluates AND here, neither gives a reason")


def _ours(matcher: Matcher, places: Places) -> tuple[tuple[Column, Column], Times]:
    columns = matcher.columns

    def run() -> tuple[Column, Column]:
        found = intervals(columns, touch(columns, places, workers=THREADS), state=OPEN)
        lengths = found.last - found.first
        return spread(found.first, found.last), np.repeat(found.cve, lengths)

    return run(), repeated(run, REPEATS)


def _write_parquet(matcher: Matcher, places: Places, folder: Path) -> None:
    columns = matcher.columns
    facet = places.facets.product[places.facet]
    placed = pa.table(
        {
            "component": pa.array(np.arange(len(facet), dtype=np.int32)),
            "product": pa.array(facet.astype(np.int32)),
            "position": pa.array(places.position),
        }
    )
    owner = np.repeat(
        np.arange(len(columns.statement_start)), columns.statement_end - columns.statement_start
    )
    stated = pa.table(
        {
            "product": pa.array(owner.astype(np.int32)),
            "low": pa.array(columns.low),
            "high": pa.array(columns.high),
            "cve": pa.array(columns.cve),
        }
    )
    pq.write_table(placed, folder / "components.parquet")
    pq.write_table(stated, folder / "criteria.parquet")


class _Component(NamedTuple):
    vendor: str
    product: str
    version: str


def _lookups(criteria: Criteria, python: Path) -> None:
    matcher = criteria.matcher
    identities, versions = products(matcher.columns, COMPONENTS, seed=17)
    _, batch = once(lambda: _batch(matcher, identities, versions))
    ours_s = Times(batch.clock_s / COMPONENTS, batch.work_s / COMPONENTS)
    names = zip(identities.to_pylist(), versions.to_pylist(), strict=True)
    chance = random.Random(31)  # noqa: S311 - the same components each run
    drawn = chance.sample([(i, v) for i, v in names if not i.startswith("pkg:")], LOOKED_UP)
    listed = [_Component(*i.split("/", 1), v) for i, v in drawn]
    print(f"- ours, {COMPONENTS:,} products from text to intervals: {batch}")
    with tempfile.TemporaryDirectory() as folder:
        database = criteria.write_database(Path(folder) / "cve.db")
        _sql(database, listed[:SQL_LOOKED_UP], ours_s)
        _cve_bin_tool(python, Path(folder), database, listed, criteria, ours_s)


def _batch(matcher: Matcher, identities: Any, versions: Any) -> int:  # noqa: ANN401 - Arrow
    places = place_texts(matcher, identities, versions)
    return len(
        intervals(matcher.columns, touch(matcher.columns, places, workers=THREADS), state=OPEN).cve
    )


def _sql(database: Path, listed: list[_Component], ours: Times) -> None:
    connection = sqlite3.connect(database)
    query = (
        "SELECT cve_number, version, versionStartIncluding, versionStartExcluding, "
        "versionEndIncluding, versionEndExcluding FROM cve_range WHERE vendor = ? AND product = ?"
    )

    def run() -> int:
        return sum(
            _inside(component.version, row[1:])
            for component in listed
            for row in connection.execute(query, component[:2])
        )

    _, times = once(run)
    connection.close()
    _ratio("indexed SQL a component (SQLite), compared in Python", times, len(listed), ours, 100)
    print("  - does: one query a component, ranges compared by our keys, made each time; does")
    print("    not: reasons, AND, other names of a product")


def _inside(version: str, bounds: _Bounds) -> bool:
    exact, start, after, end, before = bounds
    try:
        key = version_key(version, "generic")
        if exact != "*":
            return key == version_key(exact, "generic")
        return (
            (not start or key >= version_key(start, "generic"))
            and (not after or key > version_key(after, "generic"))
            and (not end or key <= version_key(end, "generic"))
            and (not before or key < version_key(before, "generic"))
        )
    except VersionError:
        return False


def _cve_bin_tool(
    python: Path,
    folder: Path,
    database: Path,
    listed: list[_Component],
    criteria: Criteria,
    ours: Times,
) -> None:
    given, output = folder / "components.tsv", folder / "found.json"
    given.write_text("".join("\t".join(one) + "\n" for one in listed))
    program = str(_PROGRAMS / "cve_bin_tool_lookup.py")
    command = [str(python), program, str(database), str(given), str(output)]
    subprocess.run(command, check=True, capture_output=True, timeout=_TIMEOUT_S)
    found = json.loads(output.read_text())
    _ratio("cve-bin-tool 3.4, index repaired", Times(*found["times"]), len(listed), ours, 500)
    print("  - does: severity and text of each CVE besides; does not: AND, reasons, updates of a")
    print("    version, versions spelt otherwise")
    _sets({_Component(*key.split("\t")): set(v) for key, v in found["found"].items()}, criteria)


def _ratio(name: str, times: Times, count: int, ours: Times, goal: int) -> None:
    clock, work = times.clock_s / count / ours.clock_s, times.work_s / count / ours.work_s
    print(
        f"- **{name}: {count / times.clock_s:,.0f} components/s, {clock:,.0f} times ours on the "
        f"clock, {work:,.0f} by processor**; goal {goal} times"
    )


def _sets(theirs: dict[_Component, set[str]], criteria: Criteria) -> None:
    """Compare CVE sets; every CVE that only one of us finds is put in a class."""
    missed: Counter[str] = Counter()
    more: Counter[str] = Counter()
    both = 0
    shown: list[str] = []
    for component, cves in theirs.items():
        ours = criteria.found(*component)
        both += len(ours & cves)
        more.update(criteria.why(component, cve) for cve in ours - cves)
        for cve in cves - ours:
            why = criteria.why(component, cve)
            missed[why] += 1
            if len(shown) < 5:  # noqa: PLR2004 - a few examples
                shown.append(f"{' '.join(component)}: {cve} ({why})")
    print(f"  - CVE sets on {len(theirs)} components: {both:,} found by both")
    lost = sum(missed.values()) - missed[NUMBERS_DECIDE]
    print(f"  - **{lost} missed**; found by them only: {dict(+missed) or 'none'}")
    print(f"  - found by us only: {dict(more) or 'none'}")
    for line in shown:
        print(f"    - {line}")
