"""The answer of `hygie match` for a person at a terminal: what is urgent first, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from hygie.cli.claims import claim_lines
from hygie.cli.console import _
from hygie.vocabulary.enums import VerdictStatus

if TYPE_CHECKING:
    from rich.console import Console

    from hygie.cli.match_answer import Answer
    from hygie.domain.veille.corpora import Corpus
    from hygie.vocabulary.facts import Component, MatchRow

SHOWN: Final = 40
"""Vulnerabilities of one inventory; the rest is in the JSON."""

_SHOWN_NAMES: Final = 4
_SHOWN_PROBLEMS: Final = 5
_INDENT: Final = 4
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


def print_answers(
    console: Console, corpus: Corpus, answers: list[Answer], cve_id: str | None
) -> None:
    """Print every inventory, then the sum of all."""
    for answer in answers:
        console.print(f"\n[bold]{_escaped(answer.source)}[/]", highlight=False)
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
        _print_problems(console, answer)
    _print_end(console, corpus, answers)


def _print_rows(console: Console, answer: Answer) -> None:
    """Print two lines a vulnerability: what and where, then why, whatever the width."""
    from rich.padding import Padding

    groups = _grouped(sorted(answer.rows, key=_urgency))
    for group in groups[:SHOWN]:
        console.print(_headline(group), highlight=False)
        reason = f"[dim]{_escaped(group[0].verdict.reason)}[/]"
        if console.soft_wrap:
            console.print(f"{' ' * _INDENT}{reason}", highlight=False)
        else:
            console.print(Padding(reason, (0, 0, 0, _INDENT), expand=False), highlight=False)
    if len(groups) > SHOWN:
        console.print(
            _("… et {more} autres : --format json les donne toutes.").format(
                more=len(groups) - SHOWN
            )
        )


def _grouped(rows: list[MatchRow]) -> list[list[MatchRow]]:
    """Put together the components of which one CVE says the same, for the same reason."""
    groups: dict[tuple[str, str, str], list[MatchRow]] = {}
    for row in rows:
        verdict = row.verdict
        key = (verdict.cve_id, str(verdict.status), verdict.reason)
        groups.setdefault(key, []).append(row)
    return list(groups.values())


def _headline(group: list[MatchRow]) -> str:
    verdict, facts = group[0].verdict, group[0].facts
    parts = [f"{verdict.cve_id:<16}"]
    if facts and facts.cvss_score is not None:
        parts.append(f"CVSS {facts.cvss_score:.1f}".replace(".", ","))
    if facts and facts.epss_probability is not None:
        parts.append(f"EPSS {100 * facts.epss_probability:.1f} %".replace(".", ","))
    if facts and facts.kev_added_on:
        exploited = _("exploitée (KEV {date})").format(date=f"{facts.kev_added_on:%d/%m/%Y}")
        parts.append(f"[red]{exploited}[/]")
    names = list(dict.fromkeys(_named(row.component) for row in group))
    more = len(names) - _SHOWN_NAMES
    shown = ", ".join(names[:_SHOWN_NAMES])
    if more > 0:
        shown = _("{names} et {more} autres").format(names=shown, more=more)
    style, label = _STYLES[verdict.status], _(_LABELS[verdict.status])
    return f"[{style}]{label:<10}[/] {'  '.join(parts)}  {_escaped(shown)}"


def _named(component: Component) -> str:
    return f"{component.name} {component.version}".strip()


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


def _print_problems(console: Console, answer: Answer) -> None:
    if not answer.problems:
        return
    console.print(
        _("Lignes laissées de côté : {count}").format(count=len(answer.problems)), style="yellow"
    )
    for problem in answer.problems[:_SHOWN_PROBLEMS]:
        console.print(f"  {_escaped(problem)}", highlight=False)


def _print_explanations(console: Console, answer: Answer) -> None:
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


def _print_end(console: Console, corpus: Corpus, answers: list[Answer]) -> None:
    affected = sum(answer.count(VerdictStatus.AFFECTED) for answer in answers)
    unknown = sum(answer.count(VerdictStatus.UNKNOWN) for answer in answers)
    silent = sum(answer.without_entry() for answer in answers)
    total = sum(len(answer.components) for answer in answers)
    console.print()
    console.print(
        _("Couples composant–CVE touchés : {affected} ; à vérifier : {unknown}.").format(
            affected=affected, unknown=unknown
        )
    )
    console.print(
        _(
            "Composants sans aucune entrée dans le corpus : {silent} sur {total} ; "
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
