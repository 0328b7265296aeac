"""One weakness with two origins: what the inventory and the network both know is one finding.

A product seen from outside is the one of the inventory when both are on the same asset, or when
nothing else can be meant: one such product in the inventory of the establishment, one unit of
it, and one host that shows it, at the same version or at one that is not told. In any other case
the two stay apart: joining two devices would hide one.
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
        shown_at: where the network shows the same thing, None when only one origin knows it.
    """

    use: Use
    match: Match
    shown_at: Use | None = None


def joined(touched: Iterable[Touched]) -> list[Touched]:
    """Return one entry where inventory and network speak of the same thing, the others as given."""
    groups: dict[tuple[str, str], list[Touched]] = defaultdict(list)
    for one in touched:
        groups[one.match.cve_id, one.match.identity].append(one)
    return [one for group in groups.values() for one in _join(group)]


def _join(group: Sequence[Touched]) -> list[Touched]:
    listed = [one for one in group if not one.use.probe]
    apart: list[Touched] = []
    found: dict[int, Touched] = {}
    shown = [one for one in group if one.use.probe]
    hosts = {host_of(one.use.subject).lower() for one in shown}
    for one in shown:
        at = _same(one.use, [each.use for each in listed], alone=len(hosts) == 1)
        if at is None:
            apart.append(one)
        else:
            found.setdefault(at, listed[at]._replace(shown_at=one.use))
    return [*(found.get(at, one) for at, one in enumerate(listed)), *apart]


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
