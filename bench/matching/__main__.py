"""Measure the corpus and the matcher: ``python -m bench.matching [--corpus FILE]``.

Figures are medians of REPEATS runs, the build and the cold process excepted (one run, and
medians of COLD_RUNS). Sources: the folder in HYGIE_REAL_DATA, else beside the project.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from bench.matching.inventories import bounds_uniformly, estate
from hygie.domain.veille.building import build_corpus
from hygie.domain.veille.corpora import Corpus, open_corpus, starter_folder

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from hygie.vocabulary.facts import Component

PROJECT = Path(__file__).resolve().parents[2]
DATA = Path(os.environ.get("HYGIE_REAL_DATA", PROJECT.parent / "shared" / "data"))
REPEATS = 9
COLD_RUNS = 5
MEBIBYTE = 1024 * 1024


class Times(NamedTuple):
    """Seconds on the wall and of processor: a busy machine stretches the first."""

    clock_s: float
    work_s: float

    def __str__(self) -> str:
        return f"{1000 * self.clock_s:.0f} ms ({1000 * self.work_s:.0f} ms of processor)"


def main() -> None:
    """Measure and print everything."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--corpus", type=Path, help="measure this corpus instead of building one")
    chosen = parser.parse_args().corpus
    with tempfile.TemporaryDirectory() as folder:
        path = chosen or measure_build(Path(folder) / "corpus.hygie")
        print(f"file: {path.stat().st_size / MEBIBYTE:.1f} MiB")
        print(f"open: {median_s(lambda: open_corpus(path))}")
        measure_match(open_corpus(path))
        measure_cold(path, Path(folder))


def measure_build(out: Path) -> Path:
    """Build the corpus of every real source once; peak memory is the process's."""
    started, worked = time.perf_counter(), time.process_time()
    report = build_corpus(DATA, out, starter_folder=starter_folder())
    elapsed, worked = time.perf_counter() - started, time.process_time() - worked
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"build: {elapsed:.1f} s ({worked:.1f} s of processor), peak {peak:.0f} MiB")
    print(f"rows: {report.counts}")
    return out


def measure_match(corpus: Corpus) -> None:
    """Match two large inventories, and a small one down to its written reasons."""
    columns = corpus.matcher.columns
    for name, inventory in (
        ("10,000 components, half never seen", estate(columns, 10_000)),
        ("10,000 versions drawn from all bounds", bounds_uniformly(columns, 10_000)),
    ):
        corpus.match(inventory)
        elapsed = median_s(lambda inventory=inventory: Corpus.match(corpus, inventory))
        print(f"{name}: placed in {elapsed} warm")
    small = estate(columns, 800)
    elapsed = median_s(lambda: list(corpus.match(small).rows()))
    print(f"800 components, verdicts and facts written out: {elapsed} warm")


def measure_cold(path: Path, folder: Path) -> None:
    """Run the command as a person would, interpreter start included."""
    sbom = folder / "sbom.cdx.json"
    write_sbom(sbom, estate(open_corpus(path).matcher.columns, 800))
    code = "import sys; from hygie.cli.main import main; main(sys.argv[1:])"
    arguments = ["match", str(sbom), "--corpus", str(path), "--format", "json"]
    command = [sys.executable, "-c", code, *arguments]

    def run() -> None:
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)

    print(f"800 components from a cold process: {median_s(run, COLD_RUNS)}")


def write_sbom(path: Path, components: Sequence[Component]) -> None:
    """Write components as a CycloneDX document."""
    listed = [
        {"type": "library", "name": c.name, "version": c.version}
        | ({"cpe": c.cpe} if c.cpe else {})
        | ({"purl": c.purl} if c.purl else {})
        for c in components
    ]
    document = {"bomFormat": "CycloneDX", "specVersion": "1.5", "version": 1, "components": listed}
    path.write_text(json.dumps(document))


def median_s(action: Callable[[], object], repeats: int = REPEATS) -> Times:
    """Return the median times of an action, children included."""
    clocks, works = [], []
    for _ in range(repeats):
        started, before = time.perf_counter(), os.times()
        action()
        after = os.times()
        clocks.append(time.perf_counter() - started)
        works.append(sum(after[:4]) - sum(before[:4]))
    return Times(statistics.median(clocks), statistics.median(works))


if __name__ == "__main__":
    main()
