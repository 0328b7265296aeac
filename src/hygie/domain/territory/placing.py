"""The rules of the tree: who hangs under whom, from plain facts. Pure.

Nation > ARS > GHT > EJ > ET. An agency must see every site of its region and none of
another, and an entity or a group must see all of its sites. Hence:

- a GHT, or an EJ outside any GHT, hangs under its ARS when all its sites lie in one region,
  under the nation when they lie in several;
- an EJ of a GHT hangs under the GHT, as support or as member;
- what an ARS would lose that way is ``located`` under it directly: an EJ whose sites all lie
  in its region, else the ET themselves. So is an ET whose EJ is not known.

Real cases: a university hospital with a site by the sea, a GHT astride two regions.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, NamedTuple

from hygie.domain.territory.models import EdgeRole
from hygie.vocabulary.enums import NodeKind

if TYPE_CHECKING:
    from collections.abc import Mapping

NATION_CODE: Final = ""
"""Stands for the one nation, whatever its code."""


class Key(NamedTuple):
    """What identifies a node in every file."""

    kind: NodeKind
    code: str


class Link(NamedTuple):
    """One reason to be under one parent."""

    parent: Key
    role: EdgeRole


class Membership(NamedTuple):
    """An EJ's place in a GHT: role ``support`` or ``member``."""

    ght: str
    role: EdgeRole


@dataclass(frozen=True, slots=True)
class Facts:
    """What the tree depends on, all of it valid on the same day.

    Attributes:
        regions: region code of each GHT, EJ and ET, empty when unknown.
        entity_of: EJ of each ET, when known.
        membership_of: GHT of each EJ that has one.
    """

    regions: Mapping[Key, str]
    entity_of: Mapping[str, str] = field(default_factory=dict)
    membership_of: Mapping[str, Membership] = field(default_factory=dict)


NATION: Final = Key(NodeKind.NATION, NATION_CODE)


def place(facts: Facts) -> dict[Key, frozenset[Link]]:
    """Return the parents of every GHT, EJ and ET of ``facts``, and of the ARS they need.

    An EJ or GHT that the facts name without describing it is not a parent.
    """
    return _Placing(facts).links()


class _Placing:
    """The regions where each entity and group has sites, and what follows."""

    def __init__(self, facts: Facts) -> None:
        self._facts = facts
        self._sites: dict[Key, set[str]] = defaultdict(set)
        for key, region in facts.regions.items():
            if key.kind is NodeKind.ET and (entity := self._entity(key)) and region:
                self._sites[entity].add(region)
        for key, region in facts.regions.items():
            if key.kind is NodeKind.EJ:
                if region and not self._sites[key]:
                    self._sites[key].add(region)
                if group := self._group(key):
                    self._sites[group[0]] |= self._sites[key]

    def links(self) -> dict[Key, frozenset[Link]]:
        placed: dict[Key, frozenset[Link]] = {}
        for key in self._facts.regions:
            placed[key] = frozenset(self._links_of(key))
        agencies = {link.parent for links in placed.values() for link in links}
        for key in agencies:
            if key.kind is NodeKind.ARS:
                placed[key] = frozenset({Link(NATION, EdgeRole.STRUCTURE)})
        return placed

    def _links_of(self, key: Key) -> set[Link]:
        if key.kind is NodeKind.ET:
            return self._links_of_site(key)
        if key.kind is NodeKind.EJ and (group := self._group(key)):
            return self._links_of_member(key, *group)
        return {Link(self._anchor(key), EdgeRole.STRUCTURE)}

    def _links_of_site(self, site: Key) -> set[Link]:
        region = self._facts.regions[site]
        located = Link(_agency(region), EdgeRole.LOCATED)
        entity = self._entity(site)
        if entity is None:
            return {located}
        links = {Link(entity, EdgeRole.STRUCTURE)}
        if region and len(self._sites[entity]) > 1:
            links.add(located)
        return links

    def _links_of_member(self, entity: Key, group: Key, role: EdgeRole) -> set[Link]:
        links = {Link(group, role)}
        regions = self._sites[entity]
        if len(regions) == 1 and len(self._sites[group]) > 1:
            links.add(Link(_agency(next(iter(regions))), EdgeRole.LOCATED))
        return links

    def _anchor(self, key: Key) -> Key:
        regions = self._sites[key] or {self._facts.regions[key]}
        return _agency(next(iter(regions))) if len(regions) == 1 else NATION

    def _entity(self, site: Key) -> Key | None:
        entity = Key(NodeKind.EJ, self._facts.entity_of.get(site.code, ""))
        return entity if entity in self._facts.regions else None

    def _group(self, entity: Key) -> tuple[Key, EdgeRole] | None:
        membership = self._facts.membership_of.get(entity.code)
        if membership is None:
            return None
        group = Key(NodeKind.GHT, membership.ght)
        return (group, membership.role) if group in self._facts.regions else None


def _agency(region: str) -> Key:
    return Key(NodeKind.ARS, region) if region else NATION
