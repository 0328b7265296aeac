from __future__ import annotations

import datetime as dt

import pytest

from hygie.engines.exchange.sbom_document import (
    MAX_COMPONENTS,
    Sbom,
    SbomFormatError,
    check_count,
    list_of,
    name_of,
    object_of,
    text_of,
    time_of,
)
from hygie.vocabulary.errors import TooLargeError
from hygie.vocabulary.facts import Component


def test_the_subject_counts_among_what_can_be_vulnerable() -> None:
    subject, part = Component("pacs"), Component("nginx")
    sbom = Sbom("SPDX JSON", "2.3", "pacs", "", "", None, (part,), subject)

    assert sbom.all_components == (subject, part)


@pytest.mark.parametrize(
    ("text", "time"),
    [
        ("2026-01-02T03:04:05Z", dt.datetime(2026, 1, 2, 3, 4, 5, tzinfo=dt.UTC)),
        ("2026-01-02T03:04:05+02:00", dt.datetime(2026, 1, 2, 1, 4, 5, tzinfo=dt.UTC)),
        ("2026-01-02T03:04:05", dt.datetime(2026, 1, 2, 3, 4, 5, tzinfo=dt.UTC)),
        ("0001-01-01T00:00:00+23:00", None),
        ("hier", None),
        ("", None),
    ],
)
def test_times_are_utc_or_unknown(text: str, time: dt.datetime | None) -> None:
    assert time_of(text) == time


def test_a_field_of_another_type_is_refused_with_its_place() -> None:
    with pytest.raises(SbomFormatError, match="x, a : un texte"):
        text_of(3, source="x", place="a")
    with pytest.raises(SbomFormatError, match="x, a : une liste"):
        list_of({}, source="x", place="a")
    with pytest.raises(SbomFormatError, match="x, a : un objet"):
        object_of([], source="x", place="a")
    with pytest.raises(SbomFormatError, match="x, a : composant sans nom"):
        name_of("  ", source="x", place="a")


def test_the_bounds_hold() -> None:
    with pytest.raises(TooLargeError, match="2048"):
        text_of("x" * 2049, source="x", place="a")
    with pytest.raises(TooLargeError, match="200000"):
        check_count(MAX_COMPONENTS + 1, source="x")
