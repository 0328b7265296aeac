from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hygie.vocabulary.cpe import (
    CPE_MAX_CHARS,
    Cpe,
    CpeError,
    Relation,
    compare_names,
    compare_values,
    escape,
    parse_cpe,
    plain,
)

FORTIOS = r"cpe:2.3:o:fortinet:fortios:7.0.6:*:*:*:*:*:*:*"


def test_a_formatted_string_is_read_and_written_back() -> None:
    name = parse_cpe(FORTIOS)

    assert (name.part, name.vendor, name.product, name.version) == (
        "o",
        "fortinet",
        "fortios",
        "7.0.6",
    )
    assert str(name) == FORTIOS


def test_escaped_colons_do_not_separate_attributes() -> None:
    name = parse_cpe(r"cpe:2.3:a:acme:box\:one\\two:1.0\(2a\):-:*:*:*:*:*:*")

    assert plain(name.product) == r"box:one\two"
    assert plain(name.version) == "1.0(2a)"
    assert name.update == "-"


@pytest.mark.parametrize(
    ("uri", "formatted"),
    [
        (
            "cpe:/o:microsoft:windows_xp::sp2:professional",
            "cpe:2.3:o:microsoft:windows_xp:*:sp2:professional:*:*:*:*:*",
        ),
        (
            "cpe:/a:hp:insight_diagnostics:7.4.0.1570:-:~~online~win2003~x64~",
            "cpe:2.3:a:hp:insight_diagnostics:7.4.0.1570:-:*:*:online:win2003:x64:*",
        ),
        (
            "cpe:/a:foo%5cbar:big%24money_manager_2010",
            r"cpe:2.3:a:foo\\bar:big\$money_manager_2010:*:*:*:*:*:*:*:*",
        ),
        (
            "cpe:/a:microsoft:internet_explorer:8.%02:sp%01",
            "cpe:2.3:a:microsoft:internet_explorer:8.*:sp?:*:*:*:*:*:*",
        ),
    ],
)
def test_uris_bind_as_the_standard_shows(uri: str, formatted: str) -> None:
    assert str(parse_cpe(uri)) == formatted


@pytest.mark.parametrize(
    "text",
    [
        "",
        "fortios",
        "cpe:2.3:x:fortinet:fortios:1",
        "cpe:2.3:a:b:c:1:*:*:*:*:*:*:*:*",
        "cpe:2.3:a:spaces here:c:1:*:*:*:*:*:*:*",
        "cpe:2.3:a:trailing:c\\",
        "cpe:/a:b:c:d:e:f:g:h",
        "cpe:2.3:a:" + "v" * CPE_MAX_CHARS,
    ],
)
def test_other_texts_are_refused(text: str) -> None:
    with pytest.raises(CpeError):
        parse_cpe(text)


@pytest.mark.parametrize(
    ("source", "target", "relation"),
    [
        ("*", "*", Relation.EQUAL),
        ("*", "-", Relation.SUPERSET),
        ("*", "1.0", Relation.SUPERSET),
        ("*", "1.*", Relation.UNDEFINED),
        ("-", "*", Relation.SUBSET),
        ("-", "-", Relation.EQUAL),
        ("-", "1.0", Relation.DISJOINT),
        ("1.0", "*", Relation.SUBSET),
        ("1.0", "-", Relation.DISJOINT),
        ("1.0", "1.0", Relation.EQUAL),
        ("1.0", "2.0", Relation.DISJOINT),
        ("1.0", "1.*", Relation.UNDEFINED),
        ("1.*", "1.0", Relation.SUPERSET),
        ("1.*", "2.0", Relation.DISJOINT),
        ("1.*", "-", Relation.DISJOINT),
        ("1.*", "*", Relation.SUBSET),
        ("sp?", "sp1", Relation.SUPERSET),
        ("sp?", "sp", Relation.SUPERSET),
        ("sp?", "sp10", Relation.DISJOINT),
    ],
)
def test_values_compare_as_the_table_of_the_standard(
    source: str, target: str, relation: Relation
) -> None:
    assert compare_values(source, target) is relation


def test_names_compare_by_their_attributes() -> None:
    wide = parse_cpe("cpe:2.3:o:fortinet:fortios:*:*:*:*:*:*:*:*")
    exact = parse_cpe(FORTIOS)
    other = parse_cpe("cpe:2.3:o:fortinet:fortimail:*:*:*:*:*:*:*:*")

    assert compare_names(wide, exact) is Relation.SUPERSET
    assert compare_names(exact, wide) is Relation.SUBSET
    assert compare_names(exact, exact) is Relation.EQUAL
    assert compare_names(other, exact) is Relation.DISJOINT
    assert compare_names(Cpe("a", "v", "*", "1"), Cpe("a", "v", "p", "*")) is Relation.UNDEFINED
    assert compare_names(wide, Cpe("o", "fortinet", "fortios", "7.*")) is Relation.UNDEFINED


@given(st.text(min_size=1, max_size=40))
def test_an_escaped_text_is_always_a_value(text: str) -> None:
    name = Cpe("a", escape(text), escape(text))

    assert parse_cpe(str(name)) == name


@given(st.text(max_size=80) | st.text(max_size=80).map(lambda t: "cpe:2.3:a:" + t))
def test_any_text_is_a_name_or_an_error(text: str) -> None:
    try:
        name = parse_cpe(text)
    except CpeError:
        return
    assert parse_cpe(str(name)) == name


@given(st.text(max_size=80).map(lambda t: "cpe:/a:" + t))
def test_any_uri_is_a_name_or_an_error(text: str) -> None:
    try:
        name = parse_cpe(text)
    except CpeError:
        return
    assert parse_cpe(str(name)) == name
