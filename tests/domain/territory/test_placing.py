"""The rules of the tree: agencies see their region, groups and entities see all they hold."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from hygie.domain.territory.closure import DatedEdge, close_paths
from hygie.domain.territory.models import EdgeRole
from hygie.domain.territory.placing import NATION, Facts, Key, Link, Membership, place
from hygie.vocabulary.enums import NodeKind

ARS_84 = Key(NodeKind.ARS, "84")
ARS_93 = Key(NodeKind.ARS, "93")
GHT = Key(NodeKind.GHT, "G")
EJ = Key(NodeKind.EJ, "e")
ET = Key(NodeKind.ET, "1")
SEASIDE = Key(NodeKind.ET, "2")

STRUCTURE, SUPPORT, LOCATED = EdgeRole.STRUCTURE, EdgeRole.SUPPORT, EdgeRole.LOCATED


def test_a_plain_hospital_hangs_under_its_group_and_that_under_its_agency() -> None:
    placed = place(
        Facts({GHT: "84", EJ: "84", ET: "84"}, {"1": "e"}, {"e": Membership("G", SUPPORT)})
    )

    assert placed == {
        ET: {Link(EJ, STRUCTURE)},
        EJ: {Link(GHT, SUPPORT)},
        GHT: {Link(ARS_84, STRUCTURE)},
        ARS_84: {Link(NATION, STRUCTURE)},
    }


def test_an_entity_in_no_group_hangs_under_its_agency() -> None:
    placed = place(Facts({EJ: "84", ET: "84"}, {"1": "e"}))

    assert placed[EJ] == {Link(ARS_84, STRUCTURE)}


def test_an_entity_astride_two_regions_hangs_under_the_nation_and_its_sites_are_located() -> None:
    placed = place(Facts({EJ: "84", ET: "84", SEASIDE: "93"}, {"1": "e", "2": "e"}))

    assert placed[EJ] == {Link(NATION, STRUCTURE)}
    assert placed[ET] == {Link(EJ, STRUCTURE), Link(ARS_84, LOCATED)}
    assert placed[SEASIDE] == {Link(EJ, STRUCTURE), Link(ARS_93, LOCATED)}


def test_a_group_astride_two_regions_leaves_each_agency_its_own_members() -> None:
    other, other_site = Key(NodeKind.EJ, "f"), Key(NodeKind.ET, "3")
    placed = place(
        Facts(
            {GHT: "84", EJ: "84", ET: "84", other: "93", other_site: "93"},
            {"1": "e", "3": "f"},
            {"e": Membership("G", SUPPORT), "f": Membership("G", EdgeRole.MEMBER)},
        )
    )

    assert placed[GHT] == {Link(NATION, STRUCTURE)}
    assert placed[EJ] == {Link(GHT, SUPPORT), Link(ARS_84, LOCATED)}
    assert placed[other] == {Link(GHT, EdgeRole.MEMBER), Link(ARS_93, LOCATED)}
    assert placed[other_site] == {Link(other, STRUCTURE)}


def test_a_site_whose_entity_is_not_known_is_located_in_its_region() -> None:
    placed = place(Facts({ET: "84", SEASIDE: ""}, {"1": "gone"}))

    assert placed[ET] == {Link(ARS_84, LOCATED)}
    assert placed[SEASIDE] == {Link(NATION, LOCATED)}


@st.composite
def territories(draw: st.DrawFn) -> Facts:
    """Draw some sites in three regions, in entities, some of which are in groups."""
    regions: dict[Key, str] = {}
    entity_of: dict[str, str] = {}
    for number in range(draw(st.integers(1, 12))):
        regions[Key(NodeKind.ET, f"t{number}")] = draw(st.sampled_from(["11", "84", "93"]))
        entity = draw(st.sampled_from(["", "a", "b", "c", "d"]))
        if entity:
            entity_of[f"t{number}"] = entity
            regions[Key(NodeKind.EJ, entity)] = ""
    membership_of = {
        entity: Membership(draw(st.sampled_from(["G", "H"])), EdgeRole.MEMBER)
        for entity in sorted(set(entity_of.values()))
        if draw(st.booleans())
    }
    for membership in membership_of.values():
        regions[Key(NodeKind.GHT, membership.ght)] = "84"
    return Facts(regions, entity_of, membership_of)


@given(territories())
@settings(max_examples=150, deadline=None)
def test_an_agency_sees_exactly_the_sites_of_its_region(facts: Facts) -> None:
    placed = place(facts)
    numbers = {key: rank for rank, key in enumerate({*placed, NATION})}
    below: dict[int, set[int]] = {}
    for path in close_paths(
        DatedEdge(numbers[link.parent], numbers[child], 0, 1)
        for child, links in placed.items()
        for link in links
    ):
        below.setdefault(path.ancestor, set()).add(path.descendant)
    sites = {key: region for key, region in facts.regions.items() if key.kind is NodeKind.ET}

    assert below[numbers[NATION]] == set(numbers.values()) - {numbers[NATION]}
    for region in set(sites.values()):
        agency = numbers[Key(NodeKind.ARS, region)]
        assert {site for site in sites if numbers[site] in below[agency]} == {
            site for site, where in sites.items() if where == region
        }
    for site, entity in facts.entity_of.items():
        assert numbers[Key(NodeKind.ET, site)] in below[numbers[Key(NodeKind.EJ, entity)]]
