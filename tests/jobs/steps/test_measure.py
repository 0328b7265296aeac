from __future__ import annotations

from typing import TYPE_CHECKING

from hygie.domain.observatory.models import Measure as Measured
from hygie.domain.rounds.models import Item, Step
from hygie.domain.territory.models import Kind, Node
from hygie.jobs.steps.measure import Measure

if TYPE_CHECKING:
    from collections.abc import Callable

    from hygie.jobs.workbench import Workbench


def test_the_establishment_is_measured_for_this_round_and_what_lies_above_with_it(
    site: Node, item_of: Callable[[Step], Item], bench: Workbench
) -> None:
    item = item_of(Step.MEASURE)

    counts = Measure().write(item, None, bench)

    assert counts == {"sites": 1, "nodes": 1}
    counted = Measured.objects.filter(name="sites.counted", value=1, round_id=item.round_id)
    assert {row.node for row in counted} == {site, Node.objects.get(kind=Kind.NATION)}


def test_an_establishment_that_closed_is_measured_no_more(
    site: Node, item_of: Callable[[Step], Item], bench: Workbench
) -> None:
    item = item_of(Step.MEASURE)
    Node.objects.filter(pk=site.pk).update(closed_on=bench.clock().date())

    assert Measure().write(item, None, bench)["sites"] == 0
