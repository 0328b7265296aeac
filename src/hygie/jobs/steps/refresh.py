"""Refresh: bring the sources up to date where rounds may, take in what is new, open the corpus."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from hygie.domain.veille.arriving import take_in

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from hygie.domain.rounds.models import Item
    from hygie.domain.veille.arriving import Came
    from hygie.domain.veille.refreshing import Refreshed
    from hygie.jobs.steps.step import Gathered
    from hygie.jobs.workbench import Workbench


class Gained(NamedTuple):
    """What the sources gave: the outcome of each fetch, and the advisories that came."""

    fetched: Refreshed | None
    came: Came


class Refresh:
    """The only step that asks the official sources; the starter corpus is built when none is."""

    def gather(self, items: Sequence[Item], bench: Workbench) -> Iterator[Gathered]:
        """Fetch and take in what changed, outside any transaction; done twice it gives the same.

        A source that fails keeps its last copy, and the others go on.
        """
        fetched = bench.fetch(bench.home, bench.clock()) if bench.fetch else None
        bench.renew()
        came = take_in(bench.home / "sources", bench.corpus, now=bench.clock())
        return ((item, Gained(fetched, came)) for item in items)

    def write(self, item: Item, gathered: Gained, bench: Workbench) -> dict[str, int]:
        """Say how many vulnerabilities are known and what came; problems are told on the item."""
        fetched = gathered.fetched.fetched if gathered.fetched else ()
        failed = [one for one in fetched if one.problem]
        item.note = " ; ".join(f"{one.feed.id} : {one.problem}" for one in failed)[:300]
        came = gathered.came
        return {
            "cves": bench.corpus.info().counts["cve"],
            "advisories": came.new + came.changed,
            "refused": came.refused,
        }
