"""Measure the probes beside their peers: ``python -m bench.probing [PART...]``. Prints Markdown.

Everything runs on loopback, servers on one processor, scanners on the other, ours and the peer
turn about in one run. Ratios are of processor time unless said otherwise: on one machine the
clock mostly measures the servers. The start of each process is taken off, and told.
"""

from __future__ import annotations

import argparse
import json
import statistics
from pathlib import Path
from typing import TYPE_CHECKING, Final

from bench.probing import peers, place

if TYPE_CHECKING:
    from collections.abc import Callable

    from bench.probing.measuring import Cost

PARTS: Final = ("versions", "names", "connects", "full")
TURNS: Final = 3
_VERSIONS_OURS, _VERSIONS_SSLYZE = 500, 12
_NAMES: Final = 10_000
_KNOCKED: Final = 200
_DEEP: Final = 100
_FULL_DOMAINS, _FULL_SSLYZE, _FULL_NMAP = 100, 12, 12


def main() -> None:
    """Measure what is asked, everything by default."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("parts", nargs="*", choices=[*PARTS, []], metavar="PART")
    parts = parser.parse_args().parts or PARTS
    with place.open_folder() as name:
        folder = Path(name)
        try:
            with place.running(folder) as directory:
                for part in parts:
                    _MEASURES[part](directory, folder)
        except RuntimeError as error:
            print(f"- not measured: {error}")


def versions(directory: Path, folder: Path) -> None:
    """Compare the question about versions with sslyze's."""
    print("\n### Which TLS versions a service accepts\n")
    start = _median(lambda: peers.ours("versions", directory, 0))
    mine = _median(lambda: peers.ours("versions", directory, _VERSIONS_OURS))
    whole = _median(lambda: peers.ours("chains", directory, _VERSIONS_OURS))
    each_s = (mine.work_s - start.work_s) / _VERSIONS_OURS
    whole_s = (whole.work_s - start.work_s) / _VERSIONS_OURS
    print(
        f"- ours, {_VERSIONS_OURS:,} machines: **{1000 * each_s:.2f} ms of processor a machine** "
        f"(five ClientHellos), {1000 * whole_s:.2f} ms with chain, trust and names; "
        f"start {start.work_s:.2f} s, peak {mine.peak_mib:.0f} MiB; goal about 1 ms"
    )
    begun = peers.sslyze(folder, 0, everything=False)
    theirs = peers.sslyze(folder, _VERSIONS_SSLYZE, everything=False)
    if theirs is None or begun is None:
        print("- sslyze's environment cannot be built here: not compared")
        return
    their_s = (theirs.work_s - begun.work_s) / _VERSIONS_SSLYZE
    print(
        f"- **sslyze, {_VERSIONS_SSLYZE} of the same machines: {1000 * their_s:.0f} ms a machine, "
        f"{their_s / each_s:.0f} times ours** ({their_s / whole_s:.0f} times with our chain); "
        "goal 200 times"
    )
    print(
        "  - sslyze does: every suite of every version, SSL 2.0 too; ours: SSL 3.0 to TLS 1.3 and "
        "the suite preferred at each. Same versions on fifty-six real servers (see "
        "docs/probing-proofs.md)"
    )


def names(directory: Path, folder: Path) -> None:  # noqa: ARG001 - the measures' common signature
    """Compare DNS questions with dnspython's."""
    print("\n### DNS questions\n")
    starts = peers.ours("names", directory, 0), peers.dnspython(0)
    mine = _median(lambda: peers.ours("names", directory, _NAMES))
    theirs = _median(lambda: peers.dnspython(_NAMES))
    my_s = (mine.work_s - starts[0].work_s) / _NAMES
    their_s = (theirs.work_s - starts[1].work_s) / _NAMES
    print(
        f"- ours: {1e6 * my_s:.0f} us of processor a question, "
        f"{_NAMES / (mine.clock_s - starts[0].clock_s):,.0f} a second\n"
        f"- **dnspython, asynchronous: {1e6 * their_s:.0f} us, {their_s / my_s:.1f} times ours**, "
        f"{_NAMES / (theirs.clock_s - starts[1].clock_s):,.0f} a second; goal 4 times\n"
        f"  - same {_NAMES:,} questions (A, MX, TXT, NS), same answers found "
        f"({json.loads(mine.output)['found']:,} and {json.loads(theirs.output)['found']:,}); "
        "dnspython does: search lists, EDNS options, every record type; ours reads the plain types "
        "itself and leaves the others to dnspython"
    )


def connects(directory: Path, folder: Path) -> None:
    """Compare knocking at ports with nmap's."""
    print("\n### Connections\n")
    start = peers.ours("connects", directory, 0)
    mine = _median(lambda: peers.ours("connects", directory, _KNOCKED))
    bare_start = peers.ours("knocks", directory, 0)
    bare = _median(lambda: peers.ours("knocks", directory, _KNOCKED))
    theirs = peers.nmap(folder, _KNOCKED, deep=False)
    asked = _KNOCKED * len(peers.SERVICES)
    rate = asked / (mine.clock_s - start.clock_s)
    print(
        f"- ours, the probe `tcp` on {asked:,} ports: {rate:,.0f} a second, "
        f"{1e6 * (mine.work_s - start.work_s) / asked:.0f} us of processor a port"
    )
    bare_s = bare.clock_s - bare_start.clock_s
    print(
        f"- bare sockets and epoll, no guard, no turn, no greeting: {asked / bare_s:,.0f} "
        f"a second, {1e6 * (bare.work_s - bare_start.work_s) / asked:.0f} us: what a sweep "
        "before the probes could reach"
    )
    if theirs is None:
        print("- nmap is absent here (apt-get install nmap): not compared")
        return
    print(
        f"- **nmap -sT: {asked / theirs.clock_s:,.0f} a second, {1e6 * theirs.work_s / asked:.0f} "
        f"us; ours makes {rate * theirs.clock_s / asked:.2f} of its rate on the clock, "
        f"{theirs.work_s / (mine.work_s - start.work_s):.2f} by processor**, bare sockets "
        f"{theirs.clock_s / bare_s:.2f} and "
        f"{theirs.work_s / (bare.work_s - bare_start.work_s):.2f}; goal 0.7\n"
        "  - nmap does: connections alone, -T5, no retry; ours: also reads the greeting of what is "
        "open, asks the guard before each, keeps its turn"
    )


def full(directory: Path, folder: Path) -> None:
    """Compare the whole set of probes with three peers that ask the same between them."""
    print("\n### The whole set of probes\n")
    start = peers.ours("fast", directory, 0)
    mine = peers.ours("fast", directory, place.TARGETS)
    rate = place.TARGETS / mine.clock_s
    found = json.loads(mine.output)
    print(
        f"- ours, daily pass on {place.TARGETS:,} machines: **{rate:.1f} a second**, "
        f"{1000 * (mine.work_s - start.work_s) / place.TARGETS:.1f} ms of processor each, "
        f"**peak {mine.peak_mib:.0f} MiB** (goal 500); {_told(found)}"
    )
    deep = peers.ours("deep", directory, _DEEP)
    print(
        f"- ours, deep pass on {_DEEP}: {_DEEP / deep.clock_s:.1f} a "
        f"second, {1000 * (deep.work_s - start.work_s) / _DEEP:.0f} ms of processor "
        f"each, peak {deep.peak_mib:.0f} MiB; {_told(json.loads(deep.output))}"
    )
    _peers_of_full(folder, rate, (mine.work_s - start.work_s) / place.TARGETS)


def _peers_of_full(folder: Path, rate: float, my_work_s: float) -> None:
    costs = {
        "sslyze (versions with every suite, chain, curves)": (
            peers.sslyze(folder, 0, everything=True),
            peers.sslyze(folder, _FULL_SSLYZE, everything=True),
            _FULL_SSLYZE,
        ),
        "checkdmarc (SPF, DMARC, MX, DNSSEC, TLS-RPT, BIMI; no mail server called)": (
            peers.checkdmarc(0),
            peers.checkdmarc(_FULL_DOMAINS),
            _FULL_DOMAINS,
        ),
        "nmap -sT -sV with scripts for headers, title, certificate, DICOM": (
            peers.nmap(folder, 1, deep=False),
            peers.nmap(folder, _FULL_NMAP, deep=True),
            _FULL_NMAP,
        ),
    }
    clock_s = work_s = 0.0
    for name, (begun, cost, count) in costs.items():
        if cost is None or begun is None:
            print(f"  - {name}: absent here, so the ratio would be wrong: not printed")
            return
        each = (cost.clock_s - begun.clock_s) / count, (cost.work_s - begun.work_s) / count
        clock_s, work_s = clock_s + each[0], work_s + each[1]
        print(
            f"  - {name}: {each[0]:.2f} s on the clock, {1000 * each[1]:.0f} ms of processor a "
            f"machine, measured on {count}"
        )
    print(
        f"- **the three one after the other: {1 / clock_s:.2f} machines a second (extrapolated), "
        f"ours makes {rate * clock_s:.0f} times as many; {work_s / my_work_s:.1f} times our "
        "processor time**; goal 20 times as many\n"
        "  - ours does not: every suite by name, trust of several stores, attacks on TLS, BIMI; "
        "the peers do not: HL7, portals, cookies, security.txt, a guard before each packet"
    )


def _told(found: dict[str, dict[str, int]]) -> str:
    """Say how many questions were answered, and what became of the others."""
    lost = ", ".join(f"{reason}: {count}" for reason, count in found["lost"].items())
    return f"{sum(found['seen'].values()):,} observations, not observed: {lost or 'none'}"


def _median(run: Callable[[], Cost]) -> Cost:
    """Return the run of median processor time among TURNS."""
    turns = sorted((run() for _ in range(TURNS)), key=lambda cost: cost.work_s)
    middle = turns[len(turns) // 2]
    return middle._replace(clock_s=statistics.median(turn.clock_s for turn in turns))


_MEASURES: Final[dict[str, Callable[[Path, Path], None]]] = {
    "versions": versions,
    "names": names,
    "connects": connects,
    "full": full,
}

if __name__ == "__main__":
    main()
