"""Our orders against the ecosystems' own tools, where they are on this machine."""

from __future__ import annotations

import pytest
from bench.matching.orders import Order, Wrong, contradicted, departed, disagreements, orders


def unexplained(order: Order, count: int) -> tuple[int, list[Wrong]]:
    """Pairs ordered otherwise, those left out on which no order, or the text, agrees with it."""
    if order.compare is None:
        pytest.skip(f"{order.tool} is not on this machine")
    both, _, wrong = disagreements(order, count)
    explained = {*contradicted(order, wrong), *departed(order, wrong)}
    return both, [one for one in wrong if one not in explained]


@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.parametrize("order", orders(), ids=lambda order: order.scheme)
def test_keys_sort_as_the_ecosystem_does(order: Order) -> None:
    both, wrong = unexplained(order, 20_000)

    assert both > 1_000
    assert wrong == []


@pytest.mark.exhaustive
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("order", orders(), ids=lambda order: order.scheme)
def test_a_million_pairs_sort_as_the_ecosystem_does(order: Order) -> None:
    both, wrong = unexplained(order, 1_000_000)

    assert both > 100_000
    assert wrong == []
