"""Lay the lab's invented territory: nation, regions, GHT, entities and sites, with their dates."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hygie.domain.territory.actions import NewEdge, NewNode, lay_territory
from hygie.domain.territory.models import EVER, EdgeRole, Kind
from hygie.lab.territory import load_territory

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator

    from hygie.lab.territory import Establishment, Territory

NATION = "HYG"


def lay_demo_territory(*, actor: str, now: dt.datetime) -> None:
    """Write the invented territory into an empty database."""
    territory = load_territory()
    lay_territory(_nodes(territory), _edges(territory), actor=actor, now=now)


def _nodes(territory: Territory) -> Iterator[NewNode]:
    zones = {region.code: region.time_zone for region in territory.regions}
    yield NewNode(Kind.NATION, NATION, territory.nation, {"source": "lab"})
    for region in territory.regions:
        details = {"region_code": region.code, "time_zone": region.time_zone, "source": "lab"}
        yield NewNode(Kind.ARS, region.code, region.ars, details)
    for ght in territory.ghts:
        details = {"region_code": ght.region, "time_zone": zones[ght.region], "source": "lab"}
        yield NewNode(Kind.GHT, ght.code, ght.name, details)
    regions: dict[str, str] = {}
    for entity in territory.legal_entities:
        regions[entity.finess] = entity.region
        details = {
            "region_code": entity.region,
            "time_zone": zones[entity.region],
            "legal_status": entity.status,
            "source": "lab",
        }
        yield NewNode(Kind.EJ, entity.finess, entity.name, details)
    for site in territory.establishments:
        code = regions[site.legal_entity]
        yield NewNode(Kind.ET, site.finess, site.name, _details(site, code, zones[code]))


def _details(site: Establishment, region: str, time_zone: str) -> dict[str, object]:
    return {
        "region_code": region,
        "time_zone": time_zone,
        "category_code": site.category,
        "category_label": site.category_label,
        "department": "99",
        "commune": site.commune,
        "address": site.address,
        "postal_code": site.postal_code,
        "phone": site.phone,
        "beds": site.beds,
        "source": "lab",
    }


def _edges(territory: Territory) -> Iterator[NewEdge]:
    for region in territory.regions:
        yield NewEdge((Kind.NATION, NATION), (Kind.ARS, region.code))
    for ght in territory.ghts:
        yield NewEdge((Kind.ARS, ght.region), (Kind.GHT, ght.code))
    for membership in territory.memberships:
        yield NewEdge(
            (Kind.GHT, membership.ght),
            (Kind.EJ, membership.legal_entity),
            EdgeRole.SUPPORT if membership.support else EdgeRole.MEMBER,
            membership.valid_from,
            membership.valid_to or EVER,
        )
    grouped = {membership.legal_entity for membership in territory.memberships}
    for entity in territory.legal_entities:
        if entity.finess not in grouped:
            yield NewEdge((Kind.ARS, entity.region), (Kind.EJ, entity.finess))
    for site in territory.establishments:
        yield NewEdge((Kind.EJ, site.legal_entity), (Kind.ET, site.finess))
