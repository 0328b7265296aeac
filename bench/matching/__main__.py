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
from typing import TYPE_CHECKING

from bench.matching.inventories import bounds_uniformly, estate
from hygie.domain.veille.building import build_corpus
from hygie.domain.veille.corpora import Corpus, open_corpus, starter_folder

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from hygie.vocabulary.facts import Component

PROJECT = Path(__file__).resolve().parents[2]
DATA = Path(os.environ.get("HYGIE_REAL_DATA", PROJECT.parent / "shared" / "data"))
REPEATS = 5
COLD_RUNS = 5
MEBIBYTE = 1024 * 1024


def main() -> None:
    """Measure and print everything."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--corpus", type=Path, help="measure this corpus instead of building one")
    chosen = parser.parse_args().corpus
    with tempfile.TemporaryDirectory() as folder:
        path = chosen or measure_build(Path(folder) / "corpus.hygie")
        print(f"file: {path.stat().st_size / MEBIBYTE:.1f} MiB")
        print(f"open: {1000 * median_s(lambda: open_corpus(path)):.2f} ms")
        measure_match(open_corpus(path))
        measure_cold(path, Path(folder))


def measure_build(out: Path) -> Path:
    """Build the corpus of every real source once; peak memory is the process's."""
    started = time.perf_counter()
    report = build_corpus(DATA, out, starter_folder=starter_folder())
    elapsed = time.perf_counter() - started
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"build: {elapsed:.1f} s, peak {peak:.0f} MiB, {report.counts}")
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
        print(f"{name}: placed in {1000 * elapsed:.0f} ms warm")
    small = estate(columns, 800)
    elapsed = median_s(lambda: list(corpus.match(small).rows()))
    print(f"800 components, verdicts and facts written out: {1000 * elapsed:.0f} ms warm")


def measure_cold(path: Path, folder: Path) -> None:
    """Run the command as a person would, interpreter start included."""
    sbom = folder / "sbom.cdx.json"
    write_sbom(sbom, estate(open_corpus(path).matcher.columns, 800))
    code = "import sys; from hygie.cli.main import main; main(sys.argv[1:])"
    arguments = ["match", str(sbom), "--corpus", str(path), "--format", "json"]
    command = [sys.executable, "-c", code, *arguments]

    def run() -> None:
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)

    print(f"800 components from a cold process: {median_s(run, COLD_RUNS):.2f} s")


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


def median_s(action: Callable[[], object], repeats: int = REPEATS) -> float:
    """Return the median time of an action, in seconds."""
    times = []
    for _ in range(repeats):
        started = time.perf_counter()
        action()
        times.append(time.perf_counter() - started)
    return statistics.median(times)


if __name__ == "__main__":
    main()
