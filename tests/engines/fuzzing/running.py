"""Spoil documents for a given time and hold every parser to its promise: read, or refuse."""

from __future__ import annotations

import random
import signal
import sys
import time
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final, NamedTuple

from tests.engines.fuzzing.mutations import spoiled
from tests.engines.fuzzing.parsers import Parser

from hygie.vocabulary.errors import HygieError

SLOW_S: Final = 5
"""Of processor, for one document of at most MAX_BYTES."""

_SHOWN_CHARS: Final = 200


class TooSlowError(BaseException):
    """The parser is still at it after SLOW_S; no ``except Exception`` of its own hides it."""


class Finding(NamedTuple):
    """A promise broken.

    Attributes:
        parser: its name.
        error: what came instead of a refusal, with the last line of code.
        document: what was given.
    """

    parser: str
    error: str
    document: bytes


class Run(NamedTuple):
    """What a run came to: documents given, read, and the first finding of each kind."""

    documents: int
    read: int
    findings: list[Finding]


def fuzz(parser: Parser, *, seconds: float, seed: int) -> Run:
    """Give spoiled documents to one parser for some seconds; sound ones first.

    Args:
        parser: what to try.
        seconds: on the clock.
        seed: the same documents for the same seed.
    """
    chance = random.Random(f"{parser.name} {seed}")  # noqa: S311 - the same documents again
    until = time.monotonic() + seconds
    documents = read = 0
    found: dict[str, Finding] = {}
    waiting = list(parser.seeds)
    while time.monotonic() < until or waiting:
        document = waiting.pop() if waiting else spoiled(parser.seeds, chance)
        documents += 1
        error = _broken(parser, document)
        read += error is None
        if error:
            found.setdefault(error, Finding(parser.name, error, document))
    return Run(documents, read, list(found.values()))


def save(finding: Finding, folder: Path, number: int) -> Path:
    """Write what a finding was given, to look at and make a test of."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{finding.parser}-{number}.bin"
    path.write_bytes(finding.document)
    return path


def _broken(parser: Parser, document: bytes) -> str | None:
    """Return None when read, nothing when refused on one line, else what broke."""
    try:
        with _bounded():
            parser.read(document)
    except HygieError as error:
        return "" if "\n" not in str(error) else f"refusal of several lines: {type(error).__name__}"
    except (Exception, TooSlowError) as error:  # noqa: BLE001 - whatever it is, it is a finding
        last = traceback.extract_tb(error.__traceback__)[-1]
        where = f"{Path(last.filename).name}:{last.lineno}"
        return f"{type(error).__name__} at {where}: {str(error)[:_SHOWN_CHARS]!r}"
    return None


@contextmanager
def _bounded() -> Iterator[None]:
    def stop(*_: object) -> None:
        raise TooSlowError

    before = signal.signal(signal.SIGVTALRM, stop)
    signal.setitimer(signal.ITIMER_VIRTUAL, SLOW_S)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


def report(run: Run, name: str, seconds: float) -> None:
    """Print what a run came to, on standard output, findings on standard error."""
    print(
        f"{name}: {seconds:.0f} s, {run.documents:,} documents, {run.read:,} read, "
        f"{len(run.findings)} findings",
        flush=True,
    )
    for finding in run.findings:
        print(f"  {finding.error}", file=sys.stderr, flush=True)
