from __future__ import annotations

import pytest
from tests.domain.incidents.samples import declared
from tests.domain.places import NOW

from hygie.domain.incidents.duties import standings
from hygie.web.incidents.presenting import sorted_duties

pytestmark = pytest.mark.django_db


def test_each_duty_is_in_one_place_and_nis_2_binds_nobody_yet() -> None:
    answers = {"nis2_entity": "essential", "nis2_important_incident": True, "is_ose": True}
    duties = standings(declared(answers=answers), now=NOW)

    laid = sorted_duties(duties)

    assert sum(map(len, laid.values())) == len(duties)
    assert "regime.csp" in {one.called.regime.id for one in laid["owed"]}
    assert "regime.ose" in {one.called.regime.id for one in laid["unsure"]}
    assert {one.called.regime.id for one in laid["prepared"]} == {"regime.nis2"}
