"""Match: the products installed and those seen from outside, against the corpus."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef

from hygie.domain.estate.models import Product
from hygie.domain.veille.actions import match_products
from hygie.domain.veille.models import Matched
from hygie.jobs.steps.step import WriteOnly
from hygie.jobs.uses import products_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hygie.domain.rounds.models import Item
    from hygie.jobs.workbench import Workbench


class Match(WriteOnly):
    """Distinct products are matched once a corpus, whatever the number of establishments."""

    def write(self, item: Item, gathered: None, bench: Workbench) -> dict[str, int]:  # noqa: ARG002 - StepWork's signature
        """Match what this establishment runs and was not matched yet."""
        bench.renew()
        products = products_of(item.node)
        _wait_for_neighbours([product.pk for product in products], bench.corpus.identity)
        return match_products(products, bench.corpus, now=bench.clock())


def _wait_for_neighbours(products: Sequence[int], corpus: str) -> None:
    """Lock what was not matched yet: another worker may be matching the same products now."""
    known = Matched.objects.filter(product=OuterRef("pk"), corpus=corpus)
    new = Product.objects.filter(~Exists(known), pk__in=products).order_by("pk")
    list(new.select_for_update().values_list("pk", flat=True))
