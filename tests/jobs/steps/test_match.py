from __future__ import annotations

from typing import TYPE_CHECKING

from tests.domain.places import NOW

from hygie.domain.estate.actions import AssetLine, Document, import_assets
from hygie.domain.rounds.models import Item, Step
from hygie.domain.veille.models import Match as Matching
from hygie.jobs.steps.match import Match

if TYPE_CHECKING:
    from collections.abc import Callable

    from hygie.domain.territory.models import Node
    from hygie.jobs.workbench import Workbench

FORTIOS = "cpe:2.3:o:fortinet:fortios:6.0.4:*:*:*:*:*:*:*"


def equip(site: Node) -> None:
    line = AssetLine("device", "VPN", "Fortinet", "FortiOS", "6.0.4", cpe=FORTIOS)
    document = Document("inventory", "inventaire.csv", "a" * 64)
    import_assets(site, [line], document, actor="essai", now=NOW)


def test_what_is_in_use_is_matched_once_a_corpus(
    site: Node, item_of: Callable[[Step], Item], bench: Workbench
) -> None:
    equip(site)
    item = item_of(Step.MATCH)

    first = Match().write(item, None, bench)
    again = Match().write(item, None, bench)

    assert (first["products"], first["matched"]) == (1, 1)
    assert (again["products"], again["matched"]) == (1, 0)
    assert Matching.objects.filter(cve_id="CVE-2018-13379").count() == 1


def test_an_establishment_without_products_has_nothing_to_match(
    item_of: Callable[[Step], Item], bench: Workbench
) -> None:
    assert Match().write(item_of(Step.MATCH), None, bench)["products"] == 0
