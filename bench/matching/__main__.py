"""Measure the corpus and the matcher: ``python -m bench.matching [--corpus FILE] [PART...]``.

Prints Markdown. Medians, the build and the full match excepted (one run). Sources: the folder in
HYGIE_REAL_DATA, else beside the project.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from bench.matching import national, orders, peers
from bench.matching.inventories import bounds_uniformly, estate, unseen
from bench.matching.timing import once, repeated
from hygie.domain.veille.building import build_corpus
from hygie.domain.veille.corpora import Corpus, open_corpus, starter_folder

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hygie.domain.veille.building import BuildReport
    from hygie.vocabulary.facts import Component

PROJECT = Path(__file__).resolve().parents[2]
DATA = Path(os.environ.get("HYGIE_REAL_DATA", PROJECT.parent / "shared" / "data"))
PARTS = ("build", "inventory", "cold", "national", "peers", "orders")
REPEATS = 9
COLD_RUNS = 5
MEBIBYTE = 1024 * 1024


def main() -> None:
    """Measure and print what is asked, everything by default."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--corpus", type=Path, help="measure this corpus instead of building one")
    parser.add_argument("parts", nargs="*", choices=[*PARTS, []], metavar="PART")
    options = parser.parse_args()
    parts = options.parts or PARTS
    if not (DATA / "cve").is_dir():
        print(f"Not measured: no real data in {DATA.name} (set HYGIE_REAL_DATA to its folder).")
        return
    with tempfile.TemporaryDirectory() as folder:
        path = options.corpus or measure_build(Path(folder) / "corpus.hygie")
        _measure(parts, path, Path(folder))


def _measure(parts: Sequence[str], path: Path, folder: Path) -> None:
    print(f"- file: {path.stat().st_size / 1e6:.1f} MB; goal 120 MB")
    print(f"- opened in {repeated(lambda: open_corpus(path), REPEATS)}; goal 50 ms")
    if "inventory" in parts:
        measure_inventories(open_corpus(path))
    if "cold" in parts:
        measure_cold(path, folder)
    if "national" in parts:
        national.measure(open_corpus(path))
    if "peers" in parts:
        peers.measure(DATA)
    if "orders" in parts:
        orders.measure()


def measure_build(out: Path) -> Path:
    """Build the corpus of every real source once; peak memory is the process's."""

    def build() -> BuildReport:
        return build_corpus(DATA, out, starter_folder=starter_folder())

    report, times = once(build)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2
    print(f"- built in {times}, peak {peak:.2f} GiB; goal 90 s, 3 GiB")
    print(f"- rows: {report.counts}")
    return out


def measure_inventories(corpus: Corpus) -> None:
    """Count the vulnerabilities of large inventories, and write a small one's verdicts out."""
    columns = corpus.matcher.columns
    known = [component for component in estate(columns, 10_000) if component.cpe]
    fresh = iter([known + unseen(10_000 - len(known), run) for run in range(REPEATS + 1)])
    corpus.tally(next(fresh))
    times = repeated(lambda: corpus.tally(next(fresh)), REPEATS)
    print(f"- 10,000 components, half never seen by this process: counted in {times}; goal 200 ms")
    worst = bounds_uniformly(columns, 10_000)
    times = repeated(lambda: corpus.tally(worst), REPEATS)
    print(f"- 10,000 versions drawn from all bounds: counted in {times}")
    small = estate(columns, 800)
    times = repeated(lambda: list(corpus.match(small).rows()), REPEATS)
    print(f"- 800 components, verdicts and facts written out: {times} warm")


def measure_cold(path: Path, folder: Path) -> None:
    """Run the command as a person would, interpreter start included, modules compiled."""
    sbom = folder / "sbom.cdx.json"
    write_sbom(sbom, estate(open_corpus(path).matcher.columns, 800))
    arguments = ["match", str(sbom), "--corpus", str(path), "--format", "json"]
    command = [sys.executable, "-m", "hygie", *arguments]
    variables = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    variables["PYTHONPYCACHEPREFIX"] = str(folder / "compiled")

    def run() -> None:
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, env=variables)

    first = once(run)[1]
    print(f"- 800 components from a cold process: {repeated(run, COLD_RUNS)}; goal 1 s")
    print(f"  - the very first time, every module compiled: {first}")


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


if __name__ == "__main__":
    main()
