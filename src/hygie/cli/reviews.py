"""Show what an imported file changes, as a table or as JSON."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from hygie.cli import console
from hygie.cli.console import _

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping, Sequence

    from hygie.domain.territory.difference import Difference
    from hygie.domain.territory.models import Review

LEVELS: Final = ("nation", "ars", "ght", "ej", "et")
_EXAMPLES: Final = 5
_PROBLEMS_SHOWN: Final = 10


@dataclass(frozen=True, slots=True)
class Line:
    """One change as it is shown."""

    kind: str
    level: str
    code: str
    name: str
    before: Mapping[str, object]
    after: Mapping[str, object]
    line: int | None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an import came to.

    Attributes:
        file: its name.
        as_of: the day it speaks of.
        state: ``dry_run``, ``proposed``, ``applied`` or ``dropped``.
        review: number of the review, None after a dry run.
        hold_reason: why it waits for an explicit apply, empty if nothing says so.
        counts: changes by kind and level.
        lines: the changes.
        problems: (line, message) of what was left out.
        problem_count: how many there are in all.
        lines_read: records read and left out.
    """

    file: str
    as_of: dt.date
    state: str
    review: int | None
    hold_reason: str
    counts: Mapping[str, Mapping[str, int]]
    lines: Sequence[Line]
    problems: Sequence[tuple[int, str]]
    problem_count: int
    lines_read: int


def of_difference(found: Difference, *, file: str, as_of: dt.date) -> Outcome:
    """Return the outcome of a dry run."""
    lines = [
        Line(
            change.kind.value,
            change.key.kind.value,
            change.key.code,
            change.name,
            change.before,
            change.after,
            change.line,
        )
        for change in found.changes
    ]
    return Outcome(
        file=file,
        as_of=as_of,
        state="dry_run",
        review=None,
        hold_reason=found.hold_reason.value if found.hold_reason else "",
        counts=found.counts(),
        lines=lines,
        problems=found.problems,
        problem_count=found.problem_count,
        lines_read=found.lines_read,
    )


def of_review(review: Review) -> Outcome:
    """Return what a stored review came to."""
    from hygie.domain.territory.queries import counts_of

    columns = ("kind", "node_kind", "code", "name", "before", "after", "line")
    return Outcome(
        file=review.file_name,
        as_of=review.as_of,
        state=review.state,
        review=review.pk,
        hold_reason=review.hold_reason,
        counts=counts_of(review),
        lines=[Line(*row) for row in review.changes.order_by("pk").values_list(*columns)],
        problems=[(line, message) for line, message in review.problems],
        problem_count=review.problem_count,
        lines_read=review.lines_read,
    )


def as_json(outcome: Outcome) -> dict[str, object]:
    """Return the stable JSON form."""
    return {
        "file": outcome.file,
        "as_of": outcome.as_of.isoformat(),
        "state": outcome.state,
        "review": outcome.review,
        "hold_reason": outcome.hold_reason or None,
        "lines_read": outcome.lines_read,
        "counts": outcome.counts,
        "changes": [
            {
                "kind": line.kind,
                "level": line.level,
                "code": line.code,
                "name": line.name,
                "before": line.before,
                "after": line.after,
                "line": line.line,
            }
            for line in outcome.lines
        ],
        "problem_count": outcome.problem_count,
        "problems": [{"line": line, "message": message} for line, message in outcome.problems],
    }


def print_outcome(outcome: Outcome, *, every_line: bool = False) -> None:
    """Print the table, examples, problems, and last what came of it and what to do next."""
    _print_counts(outcome)
    _print_lines(outcome, limit=len(outcome.lines) if every_line else _EXAMPLES)
    _print_problems(outcome)
    out = console.out()
    out.print()
    for text in _last_lines(outcome):
        out.print(text, markup=False)


def kind_words() -> dict[str, str]:
    """Return the word for each kind of change, in the order shown."""
    return {
        "opened": _("Nouveaux"),
        "closed": _("Fermés"),
        "renamed": _("Renommés"),
        "moved": _("Rattachés ailleurs"),
        "updated": _("Détails modifiés"),
    }


def _level_words() -> dict[str, str]:
    return dict(zip(LEVELS, (_("Nation"), "ARS", "GHT", "EJ", "ET"), strict=True))


def _print_counts(outcome: Outcome) -> None:
    from rich.table import Table

    levels = [
        level for level in LEVELS if any(level in counts for counts in outcome.counts.values())
    ]
    if not levels:
        return
    table = Table(title=f"{outcome.file}, {outcome.as_of:%d/%m/%Y}", title_justify="left")
    table.add_column(_("Différence"))
    for level in levels:
        table.add_column(_level_words()[level], justify="right")
    for kind, word in kind_words().items():
        if kind in outcome.counts:
            counts = outcome.counts[kind]
            table.add_row(word, *(_number(counts.get(level, 0)) for level in levels))
    console.out().print(table)


def _print_lines(outcome: Outcome, *, limit: int) -> None:
    """Print the changes of which somebody may want to know: openings only when few."""
    out = console.out()
    for kind, word in kind_words().items():
        lines = [line for line in outcome.lines if line.kind == kind]
        if not lines or (kind == "opened" and len(lines) > max(limit, 20)):
            continue
        out.print(f"\n{word}", markup=False)
        for line in lines[:limit]:
            out.print(f"  {line.code}  {line.name}{_what(line)}", markup=False)
        if len(lines) > limit:
            out.print(f"  … {_number(len(lines) - limit)}", markup=False)


def _what(line: Line) -> str:
    if line.kind == "renamed":
        return f" ({_('avant')} : {line.before.get('name')})"
    if line.kind == "moved":
        return f" : {_places(line.before)} → {_places(line.after)}"
    if line.kind == "updated":
        words = _column_words()
        return f" : {', '.join(words.get(column, column) for column in line.after)}"
    return ""


def _column_words() -> dict[str, str]:
    return {
        "source": _("source"),
        "opened_on": _("ouverture"),
        "time_zone": _("fuseau horaire"),
        "category_code": _("catégorie"),
        "category_label": _("libellé de catégorie"),
        "legal_status": _("statut"),
        "region_code": _("région"),
        "department": _("département"),
        "commune": _("commune"),
        "commune_insee": _("code commune"),
        "address": _("adresse"),
        "postal_code": _("code postal"),
        "siret": "SIRET",
        "phone": _("téléphone"),
        "latitude": _("latitude"),
        "longitude": _("longitude"),
        "beds": _("lits"),
        "emergency": _("urgences"),
    }


def _places(values: Mapping[str, object]) -> str:
    parents = values.get("parents")
    rows = parents if isinstance(parents, list) else []
    return ", ".join(f"{_level_words()[kind]} {code}".strip() for kind, code, _role in rows) or "—"


def _print_problems(outcome: Outcome) -> None:
    if not outcome.problem_count:
        return
    out = console.out()
    out.print(f"\n{_('Lignes laissées de côté')} : {_number(outcome.problem_count)}", markup=False)
    for line, message in outcome.problems[:_PROBLEMS_SHOWN]:
        where = f"{_('ligne')} {line} : " if line else ""
        out.print(f"  {where}{message}", markup=False)
    if outcome.problem_count > _PROBLEMS_SHOWN:
        out.print(f"  … {_number(outcome.problem_count - _PROBLEMS_SHOWN)}", markup=False)


def _last_lines(outcome: Outcome) -> list[str]:
    total = sum(sum(counts.values()) for counts in outcome.counts.values())
    changes = _("{total} changements, {lines} lignes lues, {problems} laissées de côté.").format(
        total=_number(total),
        lines=_number(outcome.lines_read),
        problems=_number(outcome.problem_count),
    )
    if outcome.state == "dry_run":
        return [changes, _("Essai à blanc : rien n’est écrit."), _("Ensuite : sans --dry-run")]
    if outcome.state == "applied":
        applied = _("Appliqué au {day} (relecture {review}).").format(
            day=f"{outcome.as_of:%d/%m/%Y}", review=outcome.review
        )
        return [changes, applied, _("Ensuite : hygie round")]
    if outcome.state == "dropped":
        return [changes, _("Abandonné (relecture {review}).").format(review=outcome.review)]
    why = _hold_words().get(outcome.hold_reason, "")
    waits = _("À relire (relecture {review}){why}.").format(
        review=outcome.review, why=f" : {why}" if why else ""
    )
    following = _("Ensuite : hygie import review {review} --apply (ou --drop)")
    return [changes, waits, following.format(review=outcome.review)]


def _hold_words() -> dict[str, str]:
    return {
        "closings": _("le fichier ferme plus d’un dixième de ce qu’il décrivait"),
        "problems": _("des lignes illisibles peuvent cacher ce que le fichier ferme"),
    }


def _number(count: int) -> str:
    return f"{count:,}".replace(",", "\N{NARROW NO-BREAK SPACE}")
