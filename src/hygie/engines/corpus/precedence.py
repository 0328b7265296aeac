"""The order of sources, a referential (``sources/precedence.yaml``); ``settling`` applies it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from hygie.referentials.reading import as_of, load_folder

if TYPE_CHECKING:
    import datetime as dt

    from hygie.referentials.reading import Document

POLICY: Final = "hygie.precedence"


def source_ranks(*, on: dt.date) -> dict[str, int]:
    """Return the rank of each source by the policy in force; the smallest prevails.

    Raises:
        ReferentialError: if the policy is missing or malformed.
    """
    return ranks_from(as_of(load_folder("sources"), POLICY, on=on))


def ranks_from(document: Document) -> dict[str, int]:
    """Return the rank of each source that a policy document orders.

    Raises:
        ReferentialError: if a level is malformed, or a source stands in two levels.
    """
    ranks: dict[str, int] = {}
    document.content.only("order")
    for rank, level in enumerate(document.content.sections("order")):
        level.only("sources", "because")
        level.text("because")
        named = level.json("sources")
        if not isinstance(named, list) or not all(isinstance(one, str) for one in named):
            raise level.error("sources", "une liste de sources est attendue")
        for source in map(str, named):
            if source in ranks:
                raise level.error("sources", f"source « {source} » citée deux fois")
            ranks[source] = rank
    return ranks
