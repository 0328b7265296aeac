"""`hygie match`: which known vulnerabilities touch these inventories, without a database."""

from __future__ import annotations

import datetime as dt
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from hygie.cli.console import _, out, print_json
from hygie.cli.match_answer import Answer
from hygie.vocabulary.enums import VerdictStatus
from hygie.vocabulary.errors import UsageError

if TYPE_CHECKING:
    from hygie.domain.veille.corpora import Corpus
    from hygie.vocabulary.facts import Json, MatchRow

_FORMATS: Final = ("table", "json", "vex", "sarif")


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("match", help=_("Dire quelles vulnérabilités touchent un inventaire (sans base)."))(
        match
    )


def match(
    inventories: Annotated[
        list[Path],
        typer.Argument(
            metavar="INVENTAIRE…",
            help="SBOM CycloneDX ou SPDX, ou tableau CSV ou XLSX ; .gz et .zst admis.",
        ),
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
    """Match inventories with the corpus and print the verdicts with their reasons."""
    if output not in _FORMATS:
        raise UsageError(f"format inconnu : {output} ; choisissez {', '.join(_FORMATS)}")
    from hygie.domain.veille.corpora import open_corpus, prepare_corpus
    from hygie.vocabulary.cve import parse_cve_id
    from hygie.vocabulary.home import default_home

    cve_id = parse_cve_id(explain) if explain else None
    opened = open_corpus(corpus or prepare_corpus(default_home() / "corpus.hygie"))
    answers = [_answered(opened, path, cve_id) for path in inventories]
    _print(output, opened, answers, cve_id)
    if check and any(answer.count(VerdictStatus.AFFECTED) for answer in answers):
        raise typer.Exit(1)


def _answered(corpus: Corpus, path: Path, cve_id: str | None) -> Answer:
    from hygie.cli.match_inputs import read_inventory

    components, problems = read_inventory(path)
    matching = corpus.match(components)
    if cve_id is None:
        return Answer(path.name, matching, list(matching.rows()), problems)
    rows = matching.rows(statuses=frozenset(VerdictStatus), cve_id=cve_id)
    return Answer(path.name, matching, list(rows), problems)


def _print(output: str, corpus: Corpus, answers: list[Answer], cve_id: str | None) -> None:
    if output == "json":
        print_json(_document(corpus, answers))
    elif output == "table":
        from hygie.cli.match_table import print_answers

        print_answers(out(), corpus, answers, cve_id)
    else:
        _print_document(output, answers)


def _print_document(output: str, answers: list[Answer]) -> None:
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


def _document(corpus: Corpus, answers: list[Answer]) -> dict[str, Json]:
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
                "left_out": list(answer.problems),
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
