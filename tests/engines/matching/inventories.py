"""A small corpus in memory, and what it says of an inventory."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hygie.engines.corpus.compiling import Compiler
from hygie.engines.corpus.cve_lines import parse_cve_line
from hygie.engines.matching import versions
from hygie.engines.matching.matcher import Matcher
from hygie.engines.matching.verdicts import FOUND, Judge
from hygie.vocabulary.facts import Component

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from hygie.vocabulary.enums import VerdictStatus
    from hygie.vocabulary.facts import Verdict


class Bench:
    """One corpus made of CVE lines."""

    def __init__(self, *lines: str, aliases: Mapping[str, tuple[str, ...]] | None = None) -> None:
        compiler = Compiler(versions)
        for text in lines:
            compiler.add_record(parse_cve_line(text))
        self.matcher = Matcher(compiler.tables(), aliases=aliases or {})

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


def by_cpe(
    product: str, version: str, *, part: str = "a", rest: str = "*:*:*:*:*:*:*"
) -> Component:
    name = f"cpe:2.3:{part}:acme:{product}:{version}:{rest}"
    return Component(name=product, version="" if version in "*-" else version, cpe=name)
