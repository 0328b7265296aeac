"""Our orders against the ecosystems' own tools, where they are on this machine."""

from __future__ import annotations

import pytest
from bench.matching.orders import Order, disagreements, orders

EXACT = {"npm", "pypi", "deb", "rpm"}


@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.parametrize("order", orders(), ids=lambda order: order.scheme)
def test_keys_sort_as_the_ecosystem_does(order: Order) -> None:
    if order.compare is None:
        pytest.skip(f"{order.tool} is not on this machine")

    both, _, wrong = disagreements(order, 20_000)

    assert both > 1_000
    if order.scheme in EXACT:
        assert wrong == []
    else:
        # Maven's reading of forms nobody publishes (words or separators first) is not copied.
        assert len(wrong) < both * 0.04
