"""One weakness with two origins: what the inventory and the network both know is one finding.

A product seen from outside is the one of the inventory when both are on the same asset, or when
nothing else can be meant: one such product in the inventory of the establishment, one unit of
it, and one host that shows it, at the same version or at one that is not told. In any other case
the two stay apart: joining two devices would hide one.

The finding is the network's: what it shows can be asked again, so the next round can prove the
repair; an inventory only says what somebody wrote.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

from hygie.vocabulary.subjects import host_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from hygie.domain.veille.models import Match
    from hygie.jobs.uses import Use


class Touched(NamedTuple):
    """A product in use and a vulnerability of it.

    Attributes:
        use: the product, where it is.
        match: why it is affected.
        listed_as: the line of the inventory that is the same thing, None when there is none.
    """

    use: Use
    match: Match
    listed_as: Use | None = None


def joined(touched: Iterable[Touched]) -> list[Touched]:
    """Return one entry where inventory and network speak of the same thing, the others as given."""
    groups: dict[tuple[str, str], list[Touched]] = defaultdict(list)
    for one in touched:
        groups[one.match.cve_id, one.match.identity].append(one)
    return [one for group in groups.values() for one in _join(group)]


def _join(group: Sequence[Touched]) -> list[Touched]:
    listed = [one for one in group if not one.use.probe]
    shown = [one for one in group if one.use.probe]
    hosts = {host_of(one.use.subject).lower() for one in shown}
    kept: list[Touched] = []
    taken: set[int] = set()
    for one in shown:
        at = _same(one.use, [each.use for each in listed], alone=len(hosts) == 1)
        if at is None:
            kept.append(one)
        elif at not in taken:
            taken.add(at)
            match = one.match if one.use.product.version else listed[at].match
            kept.append(Touched(one.use, match, listed[at].use))
    return [*(one for at, one in enumerate(listed) if at not in taken), *kept]


def _same(shown: Use, listed: Sequence[Use], *, alone: bool) -> int | None:
    """Return which line of the inventory the network shows, None when that is not certain."""
    fits = [at for at, use in enumerate(listed) if _agree(use.product.version, shown)]
    there = [at for at in fits if shown.asset is not None and listed[at].asset == shown.asset]
    if there:
        return there[0]
    asset = listed[0].asset if len(listed) == 1 else None
    return fits[0] if fits and alone and asset is not None and asset.quantity == 1 else None


def _agree(version: str, shown: Use) -> bool:
    return not version or shown.product.version in ("", version)
