"""A small corpus in memory, and what it says of an inventory."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hygie.engines.corpus.compiling import Compiler
from hygie.engines.corpus.cve_lines import parse_cve_line
from hygie.engines.corpus.records import CveRecord, Statement
from hygie.engines.matching import versions
from hygie.engines.matching.matcher import Matcher
from hygie.engines.matching.verdicts import FOUND, Judge
from hygie.vocabulary.enums import VerdictStatus
from hygie.vocabulary.facts import Component

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from hygie.engines.matching.claims import Claim
    from hygie.vocabulary.facts import Verdict


class Bench:
    """One corpus made of CVE lines."""

    def __init__(self, *lines: str, aliases: Mapping[str, tuple[str, ...]] | None = None) -> None:
        compiler = Compiler(versions, aliases=aliases or {})
        for text in lines:
            compiler.add_record(parse_cve_line(text))
        self.matcher = Matcher(compiler.tables())

    def judge(self, *components: Component, together: bool = True) -> Judge:
        return Judge(self.matcher.columns, self.matcher.place(components, together=together))

    def verdicts(
        self,
        *components: Component,
        statuses: Collection[VerdictStatus] = FOUND,
        together: bool = True,
    ) -> list[Verdict]:
        """Return the verdicts of the first component; the others are its neighbours."""
        return self.judge(*components, together=together).verdicts(0, statuses=statuses)


class Judged:
    """What statements about ``acme/box`` for one CVE say of its versions."""

    CVE = "CVE-2024-0001"

    def __init__(self, *statements: Statement, ranks: Mapping[str, int]) -> None:
        compiler = Compiler(versions, ranks=ranks)
        compiler.add_record(CveRecord(self.CVE, statements=statements))
        self._matcher = Matcher(compiler.tables())
        self.left_out = compiler.left_out

    def status(self, version: str) -> VerdictStatus:
        return self._verdict(version).status

    def reason(self, version: str) -> str:
        return self._verdict(version).reason

    def statuses(self, version: str, rest: str = "*:*:*:*:*:*:*") -> list[VerdictStatus]:
        return [verdict.status for verdict in self._judge(version, rest).verdicts(0)]

    def claims(self, version: str) -> list[Claim]:
        return [c for c in self._judge(version).claims(0, self.CVE) if c.covers]

    def _verdict(self, version: str) -> Verdict:
        [verdict] = self._judge(version).verdicts(0, statuses=frozenset(VerdictStatus))
        return verdict

    def _judge(self, version: str, rest: str = "*:*:*:*:*:*:*") -> Judge:
        component = by_cpe("box", version, rest=rest)
        return Judge(self._matcher.columns, self._matcher.place([component]))


def by_cpe(
    product: str, version: str, *, part: str = "a", rest: str = "*:*:*:*:*:*:*"
) -> Component:
    name = f"cpe:2.3:{part}:acme:{product}:{version}:{rest}"
    return Component(name=product, version="" if version in "*-" else version, cpe=name)
