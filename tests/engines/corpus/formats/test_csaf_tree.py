from typing import Any

import pytest
from tests.engines.corpus.formats.csaf_documents import PUMP, branch

from hygie.engines.corpus.formats.csaf_tree import MAX_DEPTH, Product, ProductTree
from hygie.engines.corpus.formats.json_places import Json
from hygie.engines.corpus.records import EVERY_VERSION, CorpusFormatError, Span


def _tree(*branches: dict[str, Any], **rest: object) -> ProductTree:
    return ProductTree(Json({"product_tree": {"branches": list(branches), **rest}}))


def _one(product: Product) -> tuple[str, tuple[Span, ...]]:
    [name] = product.names
    return name.identity, name.spans


def test_a_product_is_its_whole_path() -> None:
    products = _tree(PUMP).products
    assert _one(products["P-OLD"]) == ("acme_(ac)/pump", (Span(end="2.1"),))
    assert _one(products["M-OLD"]) == ("acme_(ac)/monitor", (Span(end="5.0"),))
    assert ("ac/pump", "acme_(ac)/pump") in products["P-OLD"].aliases


def test_families_and_levels_belong_to_the_path() -> None:
    levels = branch("service_pack", "SP3", product="L")
    tree = _tree(
        branch(
            "vendor",
            "Acme",
            branch(
                "product_family",
                "Care",
                branch("product_name", "Pump", branch("product_version", "14.3", levels)),
                branch("product_name", "Bed", product="B"),
            ),
        )
    )
    assert _one(tree.products["L"]) == ("acme/pump", (Span(exact="14.3 SP3"),))
    assert _one(tree.products["B"]) == ("acme/bed", (EVERY_VERSION,))
    assert ("acme/care_pump", "acme/pump") in tree.products["L"].aliases


def test_a_model_written_as_version_names_the_model_and_leaves_the_product_unknown() -> None:
    tree = _tree(
        branch(
            "vendor",
            "Acme",
            branch("product_name", "Pump", branch("product_version", "MMT-1 | MMT-2", product="X")),
        )
    )
    names = {name.identity: name.spans for name in tree.products["X"].names}
    assert names["acme/pump"][0].note
    assert names["acme/pump_mmt-1"] == names["acme/pump_mmt-2"] == (EVERY_VERSION,)
    assert ("acme/mmt-1", "acme/pump_mmt-1") in tree.products["X"].aliases


def test_identifiers_speak_before_names() -> None:
    helper = {
        "cpe": "cpe:2.3:o:acme:pump_firmware:2.0:*:*:*:*:*:*:*",
        "purl": "pkg:npm/pump@2.0.0",
        "model_numbers": ["P-2000", "P-3*"],
    }
    tree = _tree(branch("vendor", "Acme", branch("product_name", "Pump", product="X", **helper)))
    names = {name.identity: name.spans for name in tree.products["X"].names}
    assert names == {
        "acme/pump_firmware": (Span(exact="2.0", any_update=True),),
        "pkg:npm/pump": (Span(exact="2.0.0"),),
    }
    aliases = [alias for alias, _ in tree.products["X"].aliases]
    assert "acme/p-2000" in aliases
    assert "acme/p-3*" not in aliases


def test_a_cpe_of_every_version_is_held_to_the_versions_of_its_branch() -> None:
    cpe = "cpe:2.3:a:acme:gate:*:*:*:*:*:*:*:*"
    old = branch("product_version_range", "vers:generic/>=2.0|<2.4", product="OLD", cpe=cpe)
    new = branch("product_version", "2.4", product="NEW", cpe=cpe)
    tree = _tree(branch("vendor", "Acme", branch("product_name", "Gate", old, new)))

    assert _one(tree.products["OLD"]) == ("acme/gate", (Span(start="2.0", end="2.4"),))
    assert _one(tree.products["NEW"]) == ("acme/gate", (Span(exact="2.4", any_update=True),))


def test_an_unreadable_cpe_is_left_out_and_the_name_stays() -> None:
    tree = _tree(branch("vendor", "Acme", branch("product_name", "Pump", product="X", cpe="cpe:x")))
    assert tree.products["X"].names[0].identity == "acme/pump"
    assert tree.left_out


def test_what_is_installed_on_something_needs_it() -> None:
    relationship = {
        "category": "installed_on",
        "product_reference": "P-OLD",
        "relates_to_product_reference": "M-OLD",
        "full_product_name": {"name": "Pump on Monitor", "product_id": "BOTH"},
    }
    product = _tree(PUMP, relationships=[relationship]).products["BOTH"]
    assert _one(product) == ("acme_(ac)/pump", (Span(end="2.1"),))
    [[criterion]] = [clause.criteria for clause in product.condition]
    assert (criterion.identity, criterion.span) == ("acme_(ac)/monitor", Span(end="5.0"))
    assert product.hosts == ()


def test_a_default_component_is_carried_by_its_host() -> None:
    relationship = {
        "category": "default_component_of",
        "product_reference": "P-OLD",
        "relates_to_product_reference": "M-OLD",
        "full_product_name": {"name": "Pump in Monitor", "product_id": "BOTH"},
    }
    product = _tree(PUMP, relationships=[relationship]).products["BOTH"]
    assert [host.identity for host in product.hosts] == ["acme_(ac)/monitor"]


def test_a_path_of_csaf_2_1_needs_each_of_its_steps() -> None:
    bed = branch("vendor", "Acme", branch("product_name", "Bed", product="BED"))
    path = {
        "beginning_product_reference": "P-OLD",
        "subpaths": [
            {"category": "installed_on", "next_product_reference": "M-OLD"},
            {"category": "installed_with", "next_product_reference": "BED"},
        ],
        "full_product_name": {"name": "Pump on Monitor with Bed", "product_id": "ALL"},
    }
    product = _tree(PUMP, bed, product_paths=[path]).products["ALL"]
    hosts = [criterion.identity for clause in product.condition for criterion in clause.criteria]
    assert hosts == ["acme_(ac)/monitor", "acme/bed"]


def test_a_relationship_may_join_what_a_later_one_makes() -> None:
    def joined(product: str, host: str, made: str) -> dict[str, Any]:
        return {
            "category": "installed_on",
            "product_reference": product,
            "relates_to_product_reference": host,
            "full_product_name": {"name": made, "product_id": made},
        }

    relationships = [joined("P-OLD", "B", "A"), joined("M-OLD", "P-NEW", "B")]
    product = _tree(PUMP, relationships=relationships).products["A"]
    assert len(product.condition) == 2
    with pytest.raises(CorpusFormatError):
        _tree(PUMP, relationships=[joined("P-OLD", "X", "X")])


def test_groups_and_plain_products_are_known() -> None:
    tree = _tree(
        full_product_names=[{"name": "Bed 3", "product_id": "BED"}],
        product_groups=[{"group_id": "G", "product_ids": ["BED"]}],
    )
    assert list(tree.ids_named(Json({"group_ids": ["G"], "product_ids": ["BED"]}))) == [
        "BED",
        "BED",
    ]


@pytest.mark.parametrize(
    ("tree", "place"),
    [
        ({"branches": [branch("colour", "red")]}, "product_tree.branches[0].category"),
        (
            {"branches": [PUMP, PUMP]},
            "product_tree.branches[1].branches[0].branches[0].product.product_id",
        ),
        (
            {"product_groups": [{"group_id": "G", "product_ids": ["X"]}]},
            "product_tree.product_groups[0].product_ids[0]",
        ),
        ({"relationships": [{"category": "near"}]}, "product_tree.relationships[0].category"),
    ],
)
def test_a_broken_tree_names_its_place(tree: dict[str, Any], place: str) -> None:
    with pytest.raises(CorpusFormatError) as caught:
        ProductTree(Json({"product_tree": tree}))
    assert caught.value.place == place


def test_a_bottomless_tree_is_refused() -> None:
    deep = branch("product_name", "x", product="X")
    for _ in range(MAX_DEPTH + 2):
        deep = branch("product_family", "y", deep)
    with pytest.raises(CorpusFormatError):
        _tree(deep)
