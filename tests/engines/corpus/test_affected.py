from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.engines.corpus.records_of import cpe

from hygie.engines.corpus.affected import affected_statements
from hygie.engines.corpus.records import EVERY_VERSION, CorpusFormatError, Span, Statement


def read(**product: object) -> list[Statement]:
    entry = {"vendor": "Acme", "product": "Big Box", **product}
    return list(affected_statements([entry], source="cna", place="affected", left_out=[]))


def version(text: str, status: str = "affected", **more: object) -> dict[str, object]:
    return {"version": text, "status": status, **more}


def test_names_become_an_identity_and_entries_spans() -> None:
    [statement] = read(versions=[version("1.0"), version("2.0", lessThan="2.4")])

    assert statement.identity == "acme/big_box"
    assert statement.spans == (
        Span(exact="1.0", any_update=True),
        Span(start="2.0", end="2.4"),
    )


def test_a_default_of_affected_leaves_only_what_is_said_safe() -> None:
    [statement] = read(
        defaultStatus="affected",
        versions=[version("5.15.29", "unaffected", lessThanOrEqual="5.15.*")],
    )

    assert statement.spans == (EVERY_VERSION,)
    assert statement.not_spans == (Span(start="5.15.29", end="5.16"),)


def test_changes_cut_a_range() -> None:
    [statement] = read(
        versions=[version("9.1", lessThan="9.2", changes=[{"at": "9.1.7", "status": "unaffected"}])]
    )

    assert statement.spans == (Span(start="9.1", end="9.1.7"),)
    assert statement.not_spans == (Span(start="9.1.7", end="9.2"),)


def test_cpe_names_give_the_identity_of_the_list() -> None:
    found = read(cpes=[cpe("box", part="h")], versions=[version("*")])

    assert [(s.identity, s.part) for s in found] == [("acme/box", "h"), ("acme/big_box", "*")]


def test_a_registry_gives_a_purl_beside_the_name() -> None:
    found = read(
        collectionURL="https://repo.maven.apache.org/maven2",
        packageName="org.acme:box",
        versions=[version("1.0", lessThan="1.2")],
    )

    assert [(s.identity, s.scheme) for s in found] == [
        ("pkg:maven/org.acme/box", "maven"),
        ("acme/big_box", "generic"),
    ]


def test_versions_of_a_distribution_package_are_not_versions_of_the_product() -> None:
    found = read(
        collectionURL="https://access.redhat.com/downloads/content/package-browser/",
        packageName="kernel",
        versions=[version("0:5.14.0-1.el9", lessThan="*")],
    )

    assert found == []


@pytest.mark.parametrize("text", ["n/a", "unspecified", "see advisory", ""])
def test_unreadable_versions_are_undecided(text: str) -> None:
    [statement] = read(versions=[version(text)])

    assert statement.spans[0].note


def test_commit_hashes_are_undecided() -> None:
    [statement] = read(versions=[version("1da177e4c3f4", lessThan="abc", versionType="git")])

    assert statement.spans[0].note


@pytest.mark.parametrize("names", [{"vendor": "n/a"}, {"product": "N/A"}])
def test_products_without_name_say_nothing(names: dict[str, str]) -> None:
    assert read(**names, versions=[version("1.0")]) == []


@pytest.mark.parametrize(
    "product",
    [
        {"versions": "1.0"},
        {"versions": ["1.0"]},
        {"versions": [version("1", "maybe")]},
        {"versions": [version("1", lessThan=2)]},
        {"versions": [version("1", lessThan="2", changes=[{}])]},
        {"versions": [version("1", lessThan="2", changes=["x"])]},
        {"defaultStatus": "perhaps"},
        {"cpes": "x", "versions": [version("1.0")]},
        {"vendor": 3, "versions": [version("1.0")]},
    ],
)
def test_other_shapes_are_refused_with_their_place(product: dict[str, object]) -> None:
    with pytest.raises(CorpusFormatError) as caught:
        read(**product)

    assert str(caught.value).startswith("affected[0]")


JSON = st.recursive(
    st.none() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=2)
        | st.dictionaries(
            st.sampled_from(
                ["versions", "version", "status", "lessThan", "changes", "cpes", "vendor"]
            ),
            inner,
        )
    ),
    max_leaves=8,
)


@given(JSON)
def test_any_json_is_read_or_refused(value: object) -> None:
    try:
        list(affected_statements(value, source="cna", place="x", left_out=[]))
    except CorpusFormatError:
        return
