"""The real establishments and GHT, where they are."""

from __future__ import annotations

import datetime as dt
import time

import pytest
from tests.domain.territory.files import Loader
from tests.realdata import shared

from hygie.domain.territory import queries
from hygie.domain.territory.models import Edge, Kind, Node
from hygie.engines.exchange.finess import read_finess, read_ght

MAX_S = 20.0
"""Of processor time, so that a busy machine does not fail it."""

DAY = dt.date(2026, 6, 1)


@pytest.mark.django_db
@pytest.mark.slow
def test_the_real_territory_loads_in_time_and_each_agency_sees_its_region() -> None:
    path = shared("etablissements/etablissements.csv.gz")
    groups = shared("etablissements/ght.csv"), shared("etablissements/ght_membres.csv")

    started = time.process_time()
    Loader().apply(read_finess(path), read_ght(*groups))
    took = time.process_time() - started

    assert queries.counts_by_kind(queries.nation(), on=DAY) == {
        Kind.ARS: 18,
        Kind.GHT: 135,
        Kind.EJ: 2176,
        Kind.ET: 9685,
    }
    assert Edge.objects.filter(role="support").count() == 135
    for agency in Node.objects.filter(kind=Kind.ARS):
        seen = queries.descendants(agency, on=DAY, kind=Kind.ET)
        sites = Node.objects.filter(kind=Kind.ET, region_code=agency.code)
        assert set(seen.values_list("pk", flat=True)) == set(sites.values_list("pk", flat=True))
    assert took < MAX_S
