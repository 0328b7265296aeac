from __future__ import annotations

from dataclasses import replace

import pytest
from tests.domain.places import NOW, make_site
from tests.engines.exchange.scans.samples import NMAP

from hygie.domain.surveillance.models import Attempt, Sighting
from hygie.domain.surveillance.services import record_services
from hygie.engines.exchange.scans.nmap import parse_nmap

pytestmark = pytest.mark.django_db


def test_a_product_not_there_any_more_where_the_tool_looked_is_gone() -> None:
    site, scan = make_site(), parse_nmap(NMAP, source="x")
    assert record_services(site, scan, now=NOW) == 1

    elsewhere = replace(scan, services=(), hosts={"vpn.essai.example": frozenset({80})})
    record_services(site, elsewhere, now=NOW)
    assert Sighting.objects.get().current

    record_services(site, replace(scan, services=()), now=NOW)
    assert not Sighting.objects.get().current
    assert Attempt.objects.get().reason == "refused"
