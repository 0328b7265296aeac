"""Fuzz the parsers: ``python -m tests.engines.fuzzing --minutes 60 [--seed N] [PARSER...]``.

The time is shared by the parsers named, all by default. Findings go to ``--out``; exit code 1
when there is one.
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

from tests.engines.fuzzing.parsers import parsers
from tests.engines.fuzzing.running import fuzz, report, save


def main() -> int:
    """Run and report, parser by parser."""
    reader = argparse.ArgumentParser(description=__doc__)
    reader.add_argument("--minutes", type=float, default=1.0)
    reader.add_argument("--seed", type=int, default=time.time_ns() % 1_000_000)
    reader.add_argument("--out", type=Path, default=Path("fuzzing-findings"))
    reader.add_argument("parsers", nargs="*", metavar="PARSER")
    options = reader.parse_args()
    chosen = [one for one in parsers() if not options.parsers or one.name in options.parsers]
    if not chosen:
        reader.error(f"no such parser; there are {', '.join(one.name for one in parsers())}")
    print(f"seed {options.seed}", flush=True)
    number = 0
    for parser in chosen:
        seconds = 60 * options.minutes / len(chosen)
        run = fuzz(parser, seconds=seconds, seed=options.seed)
        report(run, parser.name, seconds)
        for finding in run.findings:
            number += 1
            print(f"  {save(finding, options.out, number)}", file=sys.stderr)
    return 1 if number else 0


if __name__ == "__main__":
    sys.exit(main())
