"""`hygie match`: which known vulnerabilities touch these SBOMs, without a database."""

from __future__ import annotations

import datetime as dt
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final, NamedTuple

import typer

from hygie.cli.claims import claim_lines
from hygie.cli.console import _, out, print_json
from hygie.vocabulary.enums import VerdictStatus
from hygie.vocabulary.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import Console

    from hygie.domain.veille.corpora import Corpus, Matching
    from hygie.engines.matching.claims import Claim
    from hygie.vocabulary.facts import Component, Json, MatchRow

SBOM_MAX_BYTES: Final = 256 * 1024 * 1024

_FORMATS: Final = ("table", "json", "vex", "sarif")
_TABLE_ROWS: Final = 40
_STYLES: Final = {
    VerdictStatus.AFFECTED: "bold red",
    VerdictStatus.UNKNOWN: "yellow",
    VerdictStatus.NOT_AFFECTED: "green",
}
_LABELS: Final = {
    VerdictStatus.AFFECTED: "touché",
    VerdictStatus.UNKNOWN: "inconnu",
    VerdictStatus.NOT_AFFECTED: "non touché",
}


class _Answer(NamedTuple):
    source: str
    matching: Matching
    rows: list[MatchRow]

    @property
    def components(self) -> Sequence[Component]:
        return self.matching.components

    def claims(self, row: MatchRow) -> list[Claim]:
        at = next(n for n, component in enumerate(self.components) if component is row.component)
        return self.matching.claims(at, row.verdict.cve_id)

    def without_entry(self) -> int:
        return sum(not self.matching.known(at) for at in range(len(self.components)))

    def count(self, status: VerdictStatus) -> int:
        return sum(row.verdict.status == status for row in self.rows)


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("match", help=_("Dire quelles vulnérabilités touchent un SBOM (sans base)."))(match)


def match(
    sboms: Annotated[
        list[Path], typer.Argument(metavar="SBOM…", help="CycloneDX ou SPDX, .gz et .zst admis.")
    ],
    *,
    corpus: Annotated[
        Path | None, typer.Option(metavar="FICHIER", help="Corpus ; par défaut celui de Hygie.")
    ] = None,
    output: Annotated[
        str, typer.Option("--format", help="table, json, vex (CycloneDX) ou sarif.")
    ] = "table",
    explain: Annotated[
        str | None, typer.Option(metavar="CVE", help="Expliquer une seule vulnérabilité.")
    ] = None,
    check: Annotated[
        bool, typer.Option("--check", help="Sortir avec le code 1 si un composant est touché.")
    ] = False,
) -> None:
    """Match SBOMs with the corpus and print the verdicts with their reasons."""
    if output not in _FORMATS:
        raise UsageError(f"format inconnu : {output} ; choisissez {', '.join(_FORMATS)}")
    from hygie.domain.veille.corpora import open_corpus, prepare_corpus
    from hygie.vocabulary.cve import parse_cve_id
    from hygie.vocabulary.home import default_home

    cve_id = parse_cve_id(explain) if explain else None
    opened = open_corpus(corpus or prepare_corpus(default_home() / "corpus.hygie"))
    answers = [_answer(opened, path, cve_id) for path in sboms]
    _print(output, opened, answers, cve_id)
    if check and any(answer.count(VerdictStatus.AFFECTED) for answer in answers):
        raise typer.Exit(1)


def _answer(corpus: Corpus, path: Path, cve_id: str | None) -> _Answer:
    from hygie.engines.exchange.reading import read_bounded
    from hygie.engines.exchange.sbom import parse_sbom

    sbom = parse_sbom(read_bounded(path, max_bytes=SBOM_MAX_BYTES), source=path.name)
    matching = corpus.match(sbom.components)
    if cve_id is None:
        return _Answer(path.name, matching, list(matching.rows()))
    rows = matching.rows(statuses=frozenset(VerdictStatus), cve_id=cve_id)
    return _Answer(path.name, matching, list(rows))


def _print(output: str, corpus: Corpus, answers: list[_Answer], cve_id: str | None) -> None:
    if output == "json":
        print_json(_document(corpus, answers))
    elif output == "table":
        _print_tables(out(), corpus, answers, cve_id)
    else:
        _print_document(output, answers)


def _print_document(output: str, answers: list[_Answer]) -> None:
    now = dt.datetime.now(dt.UTC)
    rows = [row for answer in answers for row in answer.rows]
    if output == "vex":
        from hygie.engines.exchange.vex import write_cyclonedx_vex

        document = write_cyclonedx_vex(rows, now=now)
    else:
        from importlib.metadata import version

        from hygie.engines.exchange.sarif import write_sarif

        document = write_sarif(rows, now=now, tool_version=version("hygie"))
    sys.stdout.write(document.decode("utf-8").rstrip("\n") + "\n")


def _document(corpus: Corpus, answers: list[_Answer]) -> dict[str, Json]:
    info = corpus.info()
    return {
        "corpus": {
            "sha256": info.checksum,
            "built_at": info.built_at,
            "sources": [dict(source) for source in info.sources],
        },
        "sboms": [
            {
                "file": answer.source,
                "components": len(answer.components),
                "without_entry": answer.without_entry(),
                "affected": answer.count(VerdictStatus.AFFECTED),
                "unknown": answer.count(VerdictStatus.UNKNOWN),
                "results": [_row_document(row) for row in answer.rows],
            }
            for answer in answers
        ],
    }


def _row_document(row: MatchRow) -> dict[str, Json]:
    component, verdict, facts = row.component, row.verdict, row.facts
    known_since = facts.kev_added_on if facts else None
    return {
        "component": {
            "name": component.name,
            "version": component.version,
            "vendor": component.vendor,
            "purl": component.purl,
            "cpe": component.cpe,
            "ref": component.ref,
        },
        "cve": verdict.cve_id,
        "status": str(verdict.status),
        "reason": verdict.reason,
        "product": verdict.product,
        "range": verdict.range,
        "source": verdict.source,
        "confidence": verdict.confidence,
        "fixed_in": verdict.fixed_in,
        "cvss_score": facts.cvss_score if facts else None,
        "epss_probability": facts.epss_probability if facts else None,
        "kev_added_on": known_since.isoformat() if known_since else None,
    }


def _print_tables(
    console: Console, corpus: Corpus, answers: list[_Answer], cve_id: str | None
) -> None:
    for answer in answers:
        console.print(f"\n[bold]{_escaped(answer.source)}[/]")
        if cve_id and not answer.rows:
            console.print(
                _("Aucun composant de cet inventaire n’est un produit que {cve} nomme.").format(
                    cve=cve_id
                )
            )
        elif cve_id:
            _print_explanations(console, answer)
        else:
            _print_rows(console, answer)
    _print_end(console, corpus, answers)


def _print_rows(console: Console, answer: _Answer) -> None:
    from rich.table import Table

    if not answer.rows:
        return
    table = Table(show_edge=False, pad_edge=False)
    for title in ("Composant", "CVE", "État", "CVSS", "EPSS", "KEV", "Pourquoi"):
        table.add_column(_(title), overflow="fold", no_wrap=title in ("CVE", "État"))
    for row in sorted(answer.rows, key=_urgency)[:_TABLE_ROWS]:
        table.add_row(*_cells(row))
    console.print(table)
    if len(answer.rows) > _TABLE_ROWS:
        console.print(
            _("… et {more} autres lignes : --format json les donne toutes.").format(
                more=len(answer.rows) - _TABLE_ROWS
            )
        )


def _cells(row: MatchRow) -> tuple[str, ...]:
    verdict, facts = row.verdict, row.facts
    label = f"[{_STYLES[verdict.status]}]{_(_LABELS[verdict.status])}[/]"
    score = facts.cvss_score if facts else None
    chance = facts.epss_probability if facts else None
    return (
        _escaped(f"{row.component.name} {row.component.version}".strip()),
        verdict.cve_id,
        label,
        "" if score is None else f"{score:.1f}".replace(".", ","),
        "" if chance is None else f"{100 * chance:.1f} %".replace(".", ","),
        f"{facts.kev_added_on:%d/%m/%Y}" if facts and facts.kev_added_on else "",
        _escaped(verdict.reason),
    )


def _urgency(row: MatchRow) -> tuple[bool, bool, float, float, str]:
    """Order as one would read: affected, exploited, likely, severe."""
    facts = row.facts
    return (
        row.verdict.status != VerdictStatus.AFFECTED,
        not (facts and facts.kev_added_on),
        -(facts.epss_probability or 0.0) if facts else 0.0,
        -(facts.cvss_score or 0.0) if facts else 0.0,
        row.verdict.cve_id,
    )


def _print_explanations(console: Console, answer: _Answer) -> None:
    for row in answer.rows:
        verdict, facts = row.verdict, row.facts
        style, label = _STYLES[verdict.status], _(_LABELS[verdict.status])
        name = _escaped(f"{row.component.name} {row.component.version}".strip())
        console.print(f"{name} : [{style}]{label}[/] par {verdict.cve_id}")
        console.print(f"  {_escaped(verdict.reason)}")
        confidence = f"{round(100 * verdict.confidence)} %"
        console.print(f"  {_('Produit reconnu')} : {_escaped(verdict.product)} ({confidence})")
        if verdict.fixed_in:
            console.print(f"  {_('Corrigé à partir de')} : {_escaped(verdict.fixed_in)}")
        for line in claim_lines(answer.claims(row)):
            console.print(f"    {_escaped(line)}")
        if facts and facts.description:
            console.print(f"  {_escaped(facts.description)}")


def _print_end(console: Console, corpus: Corpus, answers: list[_Answer]) -> None:
    affected = sum(answer.count(VerdictStatus.AFFECTED) for answer in answers)
    unknown = sum(answer.count(VerdictStatus.UNKNOWN) for answer in answers)
    silent = sum(answer.without_entry() for answer in answers)
    total = sum(len(answer.components) for answer in answers)
    console.print()
    console.print(
        _("{affected} couples composant–CVE touchés, {unknown} à vérifier.").format(
            affected=affected, unknown=unknown
        )
    )
    console.print(
        _(
            "{silent} composants sur {total} sans aucune entrée dans le corpus : "
            "cela ne veut pas dire sans faille."
        ).format(silent=silent, total=total)
    )
    sources = ", ".join(
        f"{source['name']} ({source['dated'] or _('sans date')})"
        for source in corpus.info().sources
    )
    console.print(_("Corpus : {sources}.").format(sources=sources), markup=False)
    console.print(
        _("Ensuite : hygie match … --explain CVE pour une ligne, --format vex pour un document.")
    )


def _escaped(text: str) -> str:
    from rich.markup import escape

    return escape("".join(c if c.isprintable() or c == "\u00a0" else "�" for c in text))
