"""Which declarations make a vulnerability not count at an establishment, and why.

An establishment's own declaration speaks of its product at one version, on one asset or on all.
A manufacturer's speaks of versions: the matching engine tells whether they hold this one, and
only a product recognised with enough confidence is excused; a doubtful alarm is worth a doubtful
look, a doubtful silence is not.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from hygie.domain.estate.products import component_of
from hygie.domain.veille.models import VexStatement
from hygie.domain.veille.vex_reading import from_plain
from hygie.engines.corpus.compiling import Compiler
from hygie.engines.corpus.records import CveRecord
from hygie.engines.matching import versions
from hygie.engines.matching.aliases import packaged_aliases
from hygie.engines.matching.matcher import Matcher
from hygie.engines.matching.verdicts import Judge
from hygie.vocabulary.enums import VerdictStatus

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping

    from hygie.domain.estate.models import Product
    from hygie.domain.territory.models import Node
    from hygie.vocabulary.facts import Component

SURE_ENOUGH: Final = 0.8
"""Least confidence in the identity of a product for a national declaration to excuse it."""

SETS_KEPT: Final = 4


class Excuses:
    """What excuses the vulnerabilities of one establishment on one day.

    Args:
        local: its own declarations in force, surest first.
        national: those of manufacturers in force, as an overlay.
    """

    def __init__(self, local: list[VexStatement], national: Overlay) -> None:
        self._local: dict[str, list[VexStatement]] = {}
        for one in local:
            self._local.setdefault(one.cve_id, []).append(one)
        self._national = national

    def local(self, cve_id: str) -> list[VexStatement]:
        """Return the establishment's own declarations about a CVE."""
        return self._local.get(cve_id, [])

    def of(self, cve_id: str, product: Product, subject: str) -> dict[str, object] | None:
        """Return why this CVE does not count for this product there, None when it counts."""
        for one in self.local(cve_id):
            if covers(one, name=product.name, version=product.version, subject=subject):
                return told(one)
        return self._national.of(cve_id, component_of(product))


def covers(statement: VexStatement, *, name: str, version: str, subject: str) -> bool:
    """Tell whether an establishment's declaration speaks of a product on an asset."""
    return (
        statement.product.lower() == name.lower()
        and statement.version == version
        and (not statement.subject or statement.subject.lower() == subject.lower())
    )


def told(statement: VexStatement) -> dict[str, object]:
    """Return a declaration as the plain values that a finding's history keeps."""
    return {
        "statement": statement.pk,
        "author": statement.author,
        "justification": statement.justification or str(statement.status),
        "reason": statement.impact,
        "until": statement.expires_on.isoformat() if statement.expires_on else "",
    }


class Overlay:
    """National declarations, compiled as a small corpus that can only say "not affected"."""

    def __init__(self, rows: list[VexStatement]) -> None:
        self._rows = {(one.cve_id, f"vex-statement:{one.pk}"): one for one in rows}
        self._cves = frozenset(one.cve_id for one in rows)
        compiler = Compiler(versions, aliases=packaged_aliases(), ranks={})
        compiler.add_records(_record(one) for one in rows)
        self._matcher = Matcher(compiler.tables()) if rows else None

    def of(self, cve_id: str, component: Component) -> dict[str, object] | None:
        """Return the declaration that excuses a component of a CVE, None when none does."""
        if cve_id not in self._cves or self._matcher is None:
            return None
        judge = Judge(self._matcher.columns, self._matcher.place([component], together=False))
        for verdict in judge.verdicts(0, statuses={VerdictStatus.NOT_AFFECTED}):
            row = self._rows.get((cve_id, verdict.source))
            if verdict.cve_id == cve_id and row and verdict.confidence >= SURE_ENOUGH:
                return told(row)
        return None


def excuses_of(node: Node, *, on: dt.date) -> Excuses:
    """Return what excuses the vulnerabilities of ``node`` on a day."""
    local = VexStatement.objects.in_force(on).filter(node=node)
    return Excuses(list(local.order_by("-subject", "-pk")), national_overlay(on))


def national_overlay(on: dt.date) -> Overlay:
    """Return the national declarations in force, compiled once for each set of them."""
    rows = VexStatement.objects.in_force(on).filter(node__isnull=True).order_by("pk")
    return _compiled(tuple(rows.values_list("pk", "cve_id", "product", "version")))


@lru_cache(maxsize=SETS_KEPT)
def _compiled(names: tuple[tuple[int, str, str, str], ...]) -> Overlay:
    """Compile the declarations named; what one says never changes, only whether it holds."""
    found = VexStatement.objects.in_bulk([pk for pk, *_ in names])
    return Overlay(list(found.values()))


def _record(one: VexStatement) -> CveRecord:
    kept: Mapping[str, Any] = one.statement
    statement = from_plain(kept, status=one.status)._replace(source=f"vex-statement:{one.pk}")
    return CveRecord(one.cve_id, source=statement.source, statements=(statement,))
