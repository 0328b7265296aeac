"""Each parser on spoiled documents, a moment; an hour: ``python -m tests.engines.fuzzing``."""

from __future__ import annotations

import random

import pytest
from tests.engines.fuzzing.mutations import MAX_BYTES, spoiled
from tests.engines.fuzzing.parsers import Parser, parsers
from tests.engines.fuzzing.running import fuzz

from hygie.vocabulary.errors import InputError

NAMES = [parser.name for parser in parsers()]


@pytest.mark.parametrize("parser", parsers(), ids=NAMES)
def test_spoiled_documents_are_read_or_refused(parser: Parser) -> None:
    run = fuzz(parser, seconds=0.2, seed=1)

    assert run.findings == []
    assert run.documents >= len(parser.seeds)


@pytest.mark.slow
@pytest.mark.timeout(300)
@pytest.mark.parametrize("parser", parsers(), ids=NAMES)
def test_many_spoiled_documents_are_read_or_refused(parser: Parser) -> None:
    assert fuzz(parser, seconds=5, seed=2).findings == []


def test_what_is_neither_read_nor_refused_is_found() -> None:
    def read(document: bytes) -> None:
        if document[:1] == b"r":
            raise InputError("non")
        document.decode("ascii")

    run = fuzz(Parser("own", read, [b"r", b"\xff", b"x"]), seconds=0, seed=1)

    assert (run.documents, run.read) == (3, 1)
    assert [finding.document for finding in run.findings] == [b"\xff"]


def test_spoiling_stays_bounded_and_changes_something() -> None:
    chance = random.Random(5)  # noqa: S311 - the same documents each time
    seed = b'{"a": ["b", {"c": 1}]}'

    found = {spoiled([seed, b"plain text"], chance) for _ in range(500)}

    assert len(found) > 200
    assert max(map(len, found)) <= MAX_BYTES
