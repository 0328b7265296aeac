"""Our order of versions against each ecosystem's own tool, on generated pairs.

Each tool runs once over a file of pairs and answers -1, 0, 1 or "?" (it refuses one of them) a
line. A tool that is not on this machine is said. RPM_TOOL names an ``rpm`` outside the PATH.
"""

from __future__ import annotations

import os
import random
import re
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from hygie.engines.matching.versions import VersionError, version_key

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

PAIRS: Final = 1_000_000
_TIMEOUT_S: Final = 3600

_NODE: Final = """
const semver = require(process.argv[1]);
const fs = require('fs');
const out = fs.readFileSync(process.argv[2], 'utf8').trimEnd().split('\\n').map((line) => {
  const [a, b] = line.split('\\t');
  try { return semver.compare(a, b, {loose: false}); } catch { return '?'; }
});
process.stdout.write(out.join('\\n') + '\\n');
"""
_PERL: Final = r"""
use Dpkg::Version;
while (<STDIN>) {
  chomp; my ($a, $b) = split /\t/;
  my ($x, $y) = (Dpkg::Version->new($a, check => 1), Dpkg::Version->new($b, check => 1));
  print(defined $x && defined $y && $x->is_valid && $y->is_valid ? ($x <=> $y) : '?', "\n");
}
"""
_LUA: Final = (
    "%{lua: for line in io.lines('FILE') do local a, b = line:match('^(%S+)\\t(%S+)$') "
    "local ok, r = pcall(function() return rpm.ver(a) end) "
    "local ok2, s = pcall(function() return rpm.ver(b) end) "
    "if ok and ok2 and r and s then print(r < s and '-1' or (s < r and '1' or '0')) "
    "else print('?') end print('\\n') end}"
)


class Order(NamedTuple):
    """An ecosystem.

    Attributes:
        scheme: ours.
        tool: theirs, by name.
        alphabet: pieces from which versions are made.
        compare: file of pairs to answers; None when the tool is not here.
        respelt: the same version by the specification, where the tool is known to depart from it.
        fault: what it does then.
    """

    scheme: str
    tool: str
    alphabet: tuple[str, ...]
    compare: Callable[[Path], list[str]] | None
    respelt: Callable[[str], str] = str
    fault: str = ""


def orders() -> list[Order]:
    """Return the ecosystems with their tools."""
    return [
        Order("npm", "node-semver", (*_SEMVER,), _node()),
        Order("pypi", "packaging", (*_PEP440,), _packaging),
        Order("deb", "dpkg (Dpkg::Version)", (*"0011239.a~+b", "-", ":"), _dpkg()),
        Order("rpm", "rpm", (*"0011239.a~^b_+", "-"), _rpm()),
        Order(
            "maven",
            "maven-artifact",
            (*_MAVEN,),
            _maven(),
            lambda text: _DOTTED_WORD.sub("-", text),
            "`.word` is `-word`; it agrees once they are written so",
        ),
    ]


_PIECE: Final = re.compile(r"\d+|[a-z]+", re.ASCII)
_DOTTED_WORD: Final = re.compile(r"\.(?=[a-z])", re.ASCII)
_SEMVER: Final = (*"01239", "10", ".", ".", ".0", ".1", "-", "-alpha", "-rc.1", ".beta", "+b", "v")
_PEP440: Final = (*"01239", ".", ".0", "a1", "b2", "rc1", ".post1", ".dev2", "1!", "+loc.1", "-1")
_MAVEN: Final = (*"01239", ".", ".0", "-", "-alpha", "-1", "beta", "rc", "sp", "ga", "x", ".a")


def pairs(order: Order, count: int) -> list[tuple[str, str]]:
    """Return pairs near each other: the second is often the first with one piece changed."""
    chance = random.Random(23)  # noqa: S311 - the same pairs each run

    def pieces() -> list[str]:
        head = [chance.choice("0129"), ".", chance.choice("0123")]
        if order.scheme == "npm":
            head += [".", chance.choice("01259")]
        return [*head, *chance.choices(order.alphabet, k=chance.randint(0, 4))]

    found = []
    for _ in range(count):
        left = pieces()
        right = list(left)
        if chance.random() < 0.5:  # noqa: PLR2004 - one in two
            right[chance.randrange(len(right))] = chance.choice(order.alphabet)
        else:
            right = pieces()
        found.append(("".join(left), "".join(right)))
    return found


Wrong = tuple[str, str, int, str]
"""A pair, our answer and theirs."""


def disagreements(order: Order, count: int) -> tuple[int, int, list[Wrong]]:
    """Return how many pairs both read, how many only one reads, and those ordered otherwise."""
    given = pairs(order, count)
    theirs = _asked(order, given)
    both, one, wrong = 0, 0, []
    for (left, right), answer in zip(given, theirs, strict=True):
        ours = _ours(left, right, order.scheme)
        if ours is None or answer == "?":
            one += (ours is None) != (answer == "?")
            continue
        both += 1
        if str(ours) != answer:
            wrong.append((left, right, ours, answer))
    return both, one, wrong


def contradicted(order: Order, wrong: list[Wrong]) -> list[Wrong]:
    """Return the disagreements on which the tool contradicts itself.

    It says a > b, and of some beginning c of one of them a < c < b (or the reverse): its answers
    form a cycle, so that no order agrees with all of them.
    """
    asked = {
        pair: None
        for left, right, _, _ in wrong
        for middle in _beginnings(left, right)
        for pair in ((left, middle), (middle, right))
    }
    answers = dict(zip(asked, _asked(order, list(asked)), strict=True)) if asked else {}
    return [
        one
        for one in wrong
        if any(
            answers[one[0], middle] == answers[middle, one[1]] == str(-int(one[3]))
            for middle in _beginnings(one[0], one[1])
        )
    ]


def departed(order: Order, wrong: list[Wrong]) -> list[Wrong]:
    """Return the disagreements that vanish once both versions are written as specified.

    Also those that become a contradiction of the tool with itself.
    """
    pairs_ = [(order.respelt(left), order.respelt(right)) for left, right, _, _ in wrong]
    answers = _asked(order, pairs_) if wrong and order.fault else []
    again = [
        (*pair, one[2], answer)
        for pair, one, answer in zip(pairs_, wrong, answers, strict=False)
        if answer != str(one[2])
    ]
    left_over = set(again) - set(contradicted(order, again))
    return [
        one
        for one, pair, answer in zip(wrong, pairs_, answers, strict=False)
        if (*pair, one[2], answer) not in left_over
    ]


def _beginnings(left: str, right: str) -> list[str]:
    ends = [(text, found.end()) for text in (left, right) for found in _PIECE.finditer(text)]
    return list(dict.fromkeys(text[:end] for text, end in ends))


def _asked(order: Order, given: list[tuple[str, str]]) -> list[str]:
    assert order.compare is not None  # noqa: S101 - the caller asks for tools that are here
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "pairs.tsv"
        file.write_text("".join(f"{left}\t{right}\n" for left, right in given))
        return order.compare(file)


def measure(count: int = PAIRS) -> None:
    """Compare and print, tool by tool."""
    print(f"\n### Order of versions, {count:,} generated pairs a tool\n")
    for order in orders():
        if order.compare is None:
            print(f"- {order.scheme}: {order.tool} is not on this machine, not compared")
            continue
        both, one, wrong = disagreements(order, count)
        print(
            f"- **{order.scheme} against {order.tool}: {len(wrong)} of {both:,} pairs ordered "
            f"otherwise**; {one:,} more that only one of the two reads"
        )
        cycles, departures = contradicted(order, wrong), departed(order, wrong)
        departures = [one for one in departures if one not in cycles]
        if cycles:
            print(f"  - on {len(cycles):,} the tool contradicts itself: a > b, yet a < c < b")
        if departures:
            print(f"  - on {len(departures):,} it departs from its specification ({order.fault})")
        unexplained = [one for one in wrong if one not in {*cycles, *departures}]
        print(f"  - unexplained: {len(unexplained):,}")
        for left, right, ours, theirs in unexplained[:3]:
            print(f"    - `{left}` `{right}`: ours {ours}, theirs {theirs}")


def _ours(left: str, right: str, scheme: str) -> int | None:
    try:
        low, high = version_key(left, scheme), version_key(right, scheme)
    except VersionError:
        return None
    return (low > high) - (low < high)


def _run(command: list[str], stdin: Path | None = None) -> list[str]:
    with (stdin or Path(os.devnull)).open("rb") as given:
        done = subprocess.run(
            command, check=True, stdin=given, capture_output=True, timeout=_TIMEOUT_S
        )
    return done.stdout.decode().split()


def _node() -> Callable[[Path], list[str]] | None:
    if shutil.which("node") is None or shutil.which("npm") is None:
        return None
    semver = Path(_run(["npm", "root", "-g"])[0]) / "npm" / "node_modules" / "semver"
    if not semver.is_dir():
        return None
    return lambda file: _run(["node", "-e", _NODE, str(semver), str(file)])


def _packaging(file: Path) -> list[str]:
    from packaging.version import InvalidVersion, Version  # noqa: PLC0415 - a tool as any other

    def answers() -> Iterator[str]:
        for line in file.read_text().splitlines():
            try:
                left, right = map(Version, line.split("\t"))
            except InvalidVersion:
                yield "?"
                continue
            yield str((left > right) - (left < right))

    return list(answers())


def _dpkg() -> Callable[[Path], list[str]] | None:
    probe = ["perl", "-MDpkg::Version", "-e", "1"]
    if (
        not shutil.which("perl")
        or subprocess.run(probe, check=False, capture_output=True).returncode
    ):
        return None
    return lambda file: _run(["perl", "-e", _PERL], file)


def _rpm() -> Callable[[Path], list[str]] | None:
    tool = os.environ.get("RPM_TOOL") or shutil.which("rpm")
    if not tool:
        return None
    return lambda file: _run([tool, "--eval", _LUA.replace("FILE", str(file))])


def _maven() -> Callable[[Path], list[str]] | None:
    jars = sorted(Path("/usr/share/maven/lib").glob("maven-artifact-*.jar"))
    if not jars or shutil.which("java") is None:
        return None
    lang = sorted(Path("/usr/share/java").glob("commons-lang3*.jar"))
    path = os.pathsep.join(map(str, [*jars, *lang]))
    return lambda file: list(_maven_answers(path, file))


def _maven_answers(path: str, file: Path) -> Iterator[str]:
    """Ask its command, which compares each argument with the one before."""
    name = "org.apache.maven.artifact.versioning.ComparableVersion"
    lines = file.read_text().splitlines()
    for at in range(0, len(lines), 20_000):
        given = [text for line in lines[at : at + 20_000] for text in line.split("\t")]
        done = subprocess.run(
            ["java", "-cp", path, name, *given], check=True, capture_output=True, timeout=_TIMEOUT_S
        )
        signs = [
            row.split()[1]
            for row in done.stdout.decode().splitlines()
            if row.startswith("   ") and len(row.split()) == 3  # noqa: PLR2004 - "a < b"
        ]
        # Every second comparison is that of one pair with the next.
        yield from ({"<": "-1", "==": "0", ">": "1"}[sign] for sign in signs[::2])
