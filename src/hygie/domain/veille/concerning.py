"""Whom an advisory concerns: "you, 3 assets, 1 exposed", "perhaps, because…", "not, because…".

Within the reader's scope, from what the last round decided: weaknesses still there, products
whose verdict is open, declarations that set a weakness aside. A few queries for a whole page.
"""

from __future__ import annotations

from collections import defaultdict
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from hygie.domain.estate.models import Installed
from hygie.domain.findings.lifecycle import LIVE_STATES
from hygie.domain.findings.models import Finding, State
from hygie.domain.territory.queries import below
from hygie.vocabulary.enums import VerdictStatus
from hygie.vocabulary.identity import normal_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from django.db.models import QuerySet

    from hygie.domain.people.models import User
    from hygie.domain.veille.models import Advisory

ROWS_MAX: Final = 5_000
"""Rows read of each kind for a page; a nation's count says "at least" past it."""


class Answer(StrEnum):
    """What is answered to "does it concern me?"."""

    CONCERNED = "concerned"
    PERHAPS = "perhaps"
    NOT = "not"
    UNKNOWN = "unknown"


class Why(StrEnum):
    """Why; the screen has the words."""

    FINDINGS = "findings"
    OPEN_VERDICT = "open-verdict"
    SAME_VENDOR = "same-vendor"
    NOTHING_READABLE = "nothing-readable"
    SET_ASIDE = "set-aside"
    NO_PRODUCT = "no-product"
    NO_ESTATE = "no-estate"


class Concern(NamedTuple):
    """The answer for one advisory.

    Attributes:
        answer: of the reader's places together.
        why: the code of the reason.
        assets: distinct assets touched, perhaps touched or set aside.
        exposed: how many of them answer from the Internet.
        places: distinct establishments.
        detail: one example, in the words of the verdict.
    """

    answer: Answer
    why: Why
    assets: int = 0
    exposed: int = 0
    places: int = 0
    detail: str = ""


class _Seen(NamedTuple):
    node_id: int
    subject: str
    exposed: bool
    aside: bool


class _Open(NamedTuple):
    node_id: int
    asset_id: int
    product: str
    reason: str


def concerns(
    user: User, advisories: Sequence[Advisory], *, node_id: int | None = None
) -> dict[int, Concern]:
    """Return the answer for each advisory, by its primary key.

    Args:
        user: whose scope.
        advisories: a page of them.
        node_id: a place; all below it is kept.
    """
    cve_ids = {cve for one in advisories for cve in one.cve_ids}
    places = _Places(user, node_id)
    seen, doubts = places.findings(cve_ids), places.doubts(cve_ids)
    vendors = places.vendors() if any(not one.cve_ids for one in advisories) else {}
    empty = not seen and not doubts and not places.has_products()
    return {one.pk: _answer(one, seen, doubts, vendors, empty=empty) for one in advisories}


class _Places:
    def __init__(self, user: User, node_id: int | None) -> None:
        self._user, self._node_id = user, node_id

    def findings(self, cve_ids: Iterable[str]) -> dict[str, list[_Seen]]:
        rows = self._here(Finding.objects.visible_to(self._user)).filter(
            cve_id__in=list(cve_ids), state__in=(*LIVE_STATES, State.SET_ASIDE)
        )
        found: dict[str, list[_Seen]] = defaultdict(list)
        for cve, node, subject, state, facts in rows.order_by().values_list(
            "cve_id", "node_id", "subject", "state", "facts"
        )[:ROWS_MAX]:
            aside = state == State.SET_ASIDE
            found[cve].append(_Seen(node, subject, bool(facts.get("exposed")), aside))
        return found

    def doubts(self, cve_ids: Iterable[str]) -> dict[str, list[_Open]]:
        rows = self._installed().filter(
            product__matches__cve_id__in=list(cve_ids),
            product__matches__status=VerdictStatus.UNKNOWN,
        )
        found: dict[str, list[_Open]] = defaultdict(list)
        columns = (
            *("product__matches__cve_id", "node_id", "asset_id"),
            *("product__name", "product__matches__reason"),
        )
        for cve, *rest in rows.order_by().values_list(*columns)[:ROWS_MAX]:
            found[cve].append(_Open(*rest))
        return found

    def vendors(self) -> dict[str, int]:
        """Return how many distinct products of each vendor are installed."""
        rows = self._installed().exclude(product__vendor="").order_by()
        found: dict[str, int] = defaultdict(int)
        distinct = rows.values_list("product__vendor", "product_id").distinct()
        for vendor, _ in distinct[: 4 * ROWS_MAX]:
            found[normal_name(vendor)] += 1
        return found

    def has_products(self) -> bool:
        return self._installed().exists()

    def _installed(self) -> QuerySet[Installed]:
        found: QuerySet[Installed] = self._here(Installed.objects.visible_to(self._user))
        return found

    def _here(self, rows: Any) -> Any:  # noqa: ANN401 - a queryset of any model of a place
        return rows if self._node_id is None else rows.filter(node_id__in=below(self._node_id))


def _answer(
    advisory: Advisory,
    seen: Mapping[str, list[_Seen]],
    doubts: Mapping[str, list[_Open]],
    vendors: Mapping[str, int],
    *,
    empty: bool,
) -> Concern:
    found = [one for cve in advisory.cve_ids for one in seen.get(cve, ())]
    live = [one for one in found if not one.aside]
    if live:
        return _told(Answer.CONCERNED, Why.FINDINGS, live)
    doubtful = [one for cve in advisory.cve_ids for one in doubts.get(cve, ())]
    if doubtful:
        return Concern(
            Answer.PERHAPS,
            Why.OPEN_VERDICT,
            len({one.asset_id for one in doubtful}),
            0,
            len({one.node_id for one in doubtful}),
            f"{doubtful[0].product} : {doubtful[0].reason}",
        )
    if found:
        return _told(Answer.NOT, Why.SET_ASIDE, found)
    if empty:
        return Concern(Answer.UNKNOWN, Why.NO_ESTATE)
    return _without_cve(advisory, vendors)


def _told(answer: Answer, why: Why, found: Sequence[_Seen]) -> Concern:
    assets = {(one.node_id, one.subject) for one in found}
    exposed = {(one.node_id, one.subject) for one in found if one.exposed}
    return Concern(answer, why, len(assets), len(exposed), len({one.node_id for one in found}))


def _without_cve(advisory: Advisory, vendors: Mapping[str, int]) -> Concern:
    """Answer for an advisory that no CVE ties to the estate."""
    if advisory.cve_ids:
        return Concern(Answer.NOT, Why.NO_PRODUCT)
    products = advisory.content.get("products", [])
    named = {normal_name(one["vendor"]) for one in products if one.get("vendor")}
    ours = sum(vendors.get(vendor, 0) for vendor in named)
    if ours:
        return Concern(Answer.PERHAPS, Why.SAME_VENDOR, assets=ours, detail=products[0]["vendor"])
    return (
        Concern(Answer.NOT, Why.NO_PRODUCT)
        if named
        else Concern(Answer.PERHAPS, Why.NOTHING_READABLE)
    )
