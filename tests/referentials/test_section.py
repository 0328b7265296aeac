from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from hygie.referentials.section import Confidence, ReferentialError, Section, Source, source_from

if TYPE_CHECKING:
    from collections.abc import Callable


def section(**content: object) -> Section:
    return Section(content, source="essai.yaml", place="rules[2]")


@pytest.mark.parametrize(
    ("read", "content"),
    [
        pytest.param(lambda part: part.text("key"), {}, id="absent"),
        pytest.param(lambda part: part.text("key"), {"key": 3}, id="number for a text"),
        pytest.param(lambda part: part.text("key"), {"key": " "}, id="blank text"),
        pytest.param(lambda part: part.text("key"), {"key": "x" * 5000}, id="endless text"),
        pytest.param(lambda part: part.integer("key", low=0, high=9), {"key": 10}, id="too high"),
        pytest.param(lambda part: part.integer("key", low=0, high=9), {"key": True}, id="flag"),
        pytest.param(
            lambda part: part.number("key", low=0, high=1), {"key": float("nan")}, id="not a number"
        ),
        pytest.param(lambda part: part.number("key", low=0, high=1), {"key": "0.5"}, id="quoted"),
        pytest.param(lambda part: part.flag("key"), {"key": "oui"}, id="text for a flag"),
        pytest.param(lambda part: part.date("key"), {"key": "2026-01-01"}, id="quoted date"),
        pytest.param(lambda part: part.choice("key", Confidence), {"key": "D"}, id="no such word"),
        pytest.param(lambda part: part.section("key"), {"key": [1]}, id="list for a group"),
        pytest.param(lambda part: part.section("key"), {"key": {1: "x"}}, id="key that is no text"),
        pytest.param(lambda part: part.sections("key"), {"key": []}, id="empty list"),
        pytest.param(lambda part: part.words("key"), {"key": {"fr": "oui"}}, id="no English"),
        pytest.param(lambda part: part.json("key"), {"key": object()}, id="not JSON"),
        pytest.param(lambda part: part.only("other"), {"key": 1}, id="unknown key"),
    ],
)
def test_a_wrong_value_names_the_file_and_the_place(
    read: Callable[[Section], object], content: dict[str, object]
) -> None:
    with pytest.raises(ReferentialError) as caught:
        read(section(**content))

    assert str(caught.value).startswith("essai.yaml, rules[2].key")


def test_a_list_of_groups_knows_the_place_of_each() -> None:
    _, second = section(steps=[{"fr": "a"}, {"fr": 1}]).sections("steps")

    with pytest.raises(ReferentialError, match=r"rules\[2\]\.steps\[1\]\.fr"):
        second.text("fr")


def test_a_source_of_confidence_c_is_not_confirmed() -> None:
    read = source_from(section(title="RFC 7489", url="", confidence="C", item="section 6"))

    assert read == Source("RFC 7489", "", Confidence.C, "section 6")
    assert not read.confirmed
    assert read.label == "RFC 7489, section 6"
