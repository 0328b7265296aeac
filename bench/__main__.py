"""Run every bench and keep its figures: ``python -m bench [NAME...]``.

A bench is a package ``bench/<name>`` that prints Markdown when it is run. Its text goes between
its markers in docs/benchmarks.md, with the machine and the date; the rest stays.
"""

from __future__ import annotations

import argparse
import datetime as dt
import os
import platform
import re
import subprocess
import sys
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[1]
SUMMARY = PROJECT / "docs" / "benchmarks.md"
TIMEOUT_S = 4 * 3600


def main() -> None:
    """Run the benches named, all of them by default."""
    known = sorted(file.parent.name for file in (PROJECT / "bench").glob("*/__main__.py"))
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(known))
    names = parser.parse_args().names or known
    for name in names:
        if name not in known:
            parser.error(f"no bench {name}; there are {', '.join(known)}")
        keep(name, run(name))


def run(name: str) -> str:
    """Return what one bench prints, shown as it comes."""
    command = [sys.executable, "-u", "-m", f"bench.{name}"]
    lines = []
    with subprocess.Popen(command, cwd=PROJECT, stdout=subprocess.PIPE, text=True) as process:
        for line in process.stdout or ():
            print(line, end="", flush=True)
            lines.append(line)
        if process.wait(TIMEOUT_S):
            lines.append("\nThe bench stopped on an error: these figures are not all.\n")
    return "".join(lines)


def keep(name: str, figures: str) -> None:
    """Put figures in the summary, in place of the earlier ones of the same bench."""
    text = SUMMARY.read_text() if SUMMARY.exists() else "# Benchmarks\n"
    opening, closing = f"<!-- bench:{name} -->", f"<!-- /bench:{name} -->"
    section = f"{opening}\n## {name}\n\n{machine()}\n\n{figures.strip()}\n{closing}"
    pattern = re.compile(f"{re.escape(opening)}.*?{re.escape(closing)}", re.DOTALL)
    if pattern.search(text):
        text = pattern.sub(lambda _: section, text)
    else:
        text = f"{text.rstrip()}\n\n{section}\n"
    SUMMARY.write_text(text)


def machine() -> str:
    """Say where and when, and how busy the machine was."""
    load = ", ".join(f"{value:.1f}" for value in os.getloadavg())
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1024**3
    return (
        f"{dt.datetime.now(dt.UTC):%Y-%m-%d %H:%M} UTC, {os.cpu_count()} processors, "
        f"{memory:.0f} GiB, {platform.system()} {platform.machine()}, "
        f"Python {platform.python_version()}, load {load}."
    )


if __name__ == "__main__":
    main()
