from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.engines.corpus.records_of import all_of, any_of, cpe, matches

from hygie.engines.corpus.criteria import (
    MAX_ALTERNATIVES,
    MAX_DEPTH,
    configuration_statements,
    cpe_span,
)
from hygie.engines.corpus.records import (
    ABSENT_VERSION,
    EVERY_VERSION,
    CorpusFormatError,
    Span,
    Statement,
)
from hygie.vocabulary.cpe import parse_cpe

TWO_OF_THEM = all_of(any_of(matches(cpe("y"))), any_of(matches(cpe("z"))))


def read(*nodes: object) -> list[Statement]:
    return list(
        configuration_statements(list(nodes), source="nvd", place="configurations", left_out=[])
    )


def test_each_vulnerable_criterion_is_a_statement() -> None:
    [exact, ranged] = read(
        any_of(
            matches(cpe("box", "1.0")),
            matches(cpe("box"), versionStartExcluding="2", versionEndIncluding="3"),
            matches(cpe("shelf"), vulnerable=False),
        )
    )

    assert exact.identity == "acme/box"
    assert exact.spans == (Span(exact="1.0", any_update=True),)
    assert ranged.spans == (Span(start="2", start_open=True, end="3", end_closed=True),)
    assert ranged.condition == ()


@pytest.mark.parametrize(
    ("name", "span"),
    [
        (cpe("box", "1.0", rest="sp1:*:*:*:*:*:*"), Span(exact="1.0 sp1")),
        (cpe("box", "1.0", rest="-:*:*:*:*:*:*"), Span(exact="1.0")),
        (cpe("box", "-", rest="sp1:*:*:*:*:*:*"), Span(exact="sp1")),
        (cpe("box", "-"), ABSENT_VERSION),
        (cpe("box"), EVERY_VERSION),
    ],
)
def test_a_name_by_itself_stands_for_versions(name: str, span: Span) -> None:
    assert cpe_span(parse_cpe(name)) == span


def test_and_makes_each_side_the_condition_of_the_other() -> None:
    [statement] = read(
        all_of(
            any_of(matches(cpe("firmware", "1.0", part="o"))),
            any_of(matches(cpe("device", "-", part="h"), vulnerable=False)),
        )
    )

    [clause] = statement.condition
    assert statement.identity == "acme/firmware"
    assert [criterion.identity for criterion in clause.criteria] == ["acme/device"]
    assert not clause.negated


def test_or_inside_and_gives_alternatives() -> None:
    found = read(
        all_of(
            any_of(matches(cpe("a")), children=[all_of(any_of(matches(cpe("b"))))]),
            any_of(matches(cpe("c"), vulnerable=False)),
        )
    )

    assert sorted(statement.identity for statement in found) == ["acme/a", "acme/b"]
    assert all(len(statement.condition) == 1 for statement in found)


def test_a_negated_side_must_be_absent() -> None:
    [statement] = read(
        all_of(any_of(matches(cpe("a"))), any_of(matches(cpe("patch")), negate=True))
    )

    [clause] = statement.condition
    assert clause.negated


def test_a_wrong_name_is_left_out_and_told() -> None:
    left_out: list[str] = []
    nodes = [any_of(matches("cpe:2.3:a:b:c:d:e:f:g:h:i:j:k:l"), matches(cpe("a")))]

    found = list(configuration_statements(nodes, source="nvd", place="c", left_out=left_out))

    assert [statement.identity for statement in found] == ["acme/a"]
    assert len(left_out) == 1


@pytest.mark.parametrize(
    "node",
    [
        "OR",
        {"operator": "XOR"},
        {"cpeMatch": {}},
        {"cpeMatch": [1]},
        {"cpeMatch": [{}]},
        {"cpeMatch": [matches(cpe("a"), versionEndExcluding=3)]},
        {"children": "x"},
        all_of(*[any_of(matches(cpe("x")), children=[TWO_OF_THEM])] * MAX_ALTERNATIVES),
    ],
)
def test_other_shapes_are_refused_with_their_place(node: object) -> None:
    with pytest.raises(CorpusFormatError) as caught:
        read(node)

    assert str(caught.value).startswith("configurations[0]")


def test_nesting_is_bounded() -> None:
    node = any_of(matches(cpe("a")))
    for _ in range(MAX_DEPTH + 1):
        node = all_of(node)

    with pytest.raises(CorpusFormatError):
        read(node)


NODES = st.recursive(
    st.builds(
        lambda names, negate: any_of(*(matches(cpe(n)) for n in names), negate=negate),
        st.lists(st.sampled_from("abcd"), max_size=3),
        st.booleans(),
    ),
    lambda inner: st.builds(
        lambda operator, children: {"operator": operator, "children": children},
        st.sampled_from(["AND", "OR"]),
        st.lists(inner, max_size=3),
    ),
    max_leaves=6,
)


@given(NODES)
def test_every_tree_gives_statements_about_its_own_products(node: dict[str, object]) -> None:
    for statement in read(node):
        assert statement.identity in {f"acme/{name}" for name in "abcd"}


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["operator", "children", "cpeMatch", "criteria", "negate"]), inner
        )
    ),
    max_leaves=8,
)


@given(JSON)
def test_any_json_is_read_or_refused(value: object) -> None:
    try:
        list(configuration_statements(value, source="nvd", place="x", left_out=[]))
    except CorpusFormatError:
        return
