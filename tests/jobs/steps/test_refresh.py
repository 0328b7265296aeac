from __future__ import annotations

from typing import TYPE_CHECKING

from hygie.domain.rounds.models import Item
from hygie.jobs.steps.refresh import Refresh

if TYPE_CHECKING:
    from hygie.jobs.workbench import Workbench


def test_refreshing_says_how_many_vulnerabilities_are_known(bench: Workbench) -> None:
    found = Refresh().write(Item(), None, bench)

    assert found == {"cves": len(bench.corpus.tables["cve"])}
    assert found["cves"] > 100
