"""A group (GHT) of two members, a stranger outside it, and people of each."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.utils import timezone
from tests.domain.places import make_node, make_user

from hygie.domain.people.models import User
from hygie.domain.territory.models import Kind, Node
from hygie.vocabulary.enums import Role

NOW = dt.datetime.now(dt.UTC).replace(microsecond=0)
TODAY = timezone.localdate(NOW)
IN_A_MONTH = TODAY + dt.timedelta(days=30)


@dataclass(frozen=True)
class Group:
    """Places and people by name."""

    places: dict[str, Node]
    people: dict[str, User]


def build_group() -> Group:
    nation = make_node(Kind.NATION, "Nation")
    region = make_node(Kind.ARS, "ARS d’Essai", above=(nation,))
    ght = make_node(Kind.GHT, "GHT d’Essai", above=(nation, region))
    other = make_node(Kind.GHT, "Autre GHT", above=(nation, region))
    support = make_node(Kind.EJ, "CH support", above=(nation, region, ght))
    member = make_node(Kind.EJ, "CH membre", above=(nation, region, ght))
    site = make_node(Kind.ET, "Site du membre", above=(nation, region, ght, member))
    stranger = make_node(Kind.EJ, "CH étranger", above=(nation, region, other))
    places = {
        "nation": nation,
        "region": region,
        "ght": ght,
        "support": support,
        "member": member,
        "site": site,
        "stranger": stranger,
    }
    held = {
        "admin": (Role.ADMIN, "nation"),
        "ars": (Role.ARS_OFFICER, "region"),
        "cert": (Role.CERT_ANALYST, "nation"),
        "ght_rssi": (Role.RSSI, "ght"),
        "support_rssi": (Role.RSSI, "support"),
        "member_rssi": (Role.RSSI, "member"),
        "site_rssi": (Role.RSSI, "site"),
        "director": (Role.DIRECTOR, "member"),
        "stranger_rssi": (Role.RSSI, "stranger"),
        "trainer": (Role.TRAINER, "member"),
    }
    people = {
        name: make_user(role, places[place], f"{name}@essai.example")
        for name, (role, place) in held.items()
    }
    return Group(places, people)
