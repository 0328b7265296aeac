"""The judgement under the facts of `hygie probe`: a grade and what costs most."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hygie.cli import console as terminal
from hygie.cli.console import _

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    from rich.console import Console

    from hygie.vocabulary.facts import Outcome

_POINTS_SHOWN = 5


def print_grade(console: Console, outcomes: Sequence[Outcome], *, now: dt.datetime) -> None:
    """Print the grade of one target by the policy in force, and its costliest points."""
    from rich.markup import escape

    from hygie.engines.deciding.exposure import exposure_policy
    from hygie.engines.deciding.grading import grade

    policy = exposure_policy(on=now.date())
    graded = grade(outcomes, policy, now=now)
    if graded.letter is None:
        console.print(_("Note : aucune, rien n’a été observé."))
        return
    console.print(
        _("Note {letter} ({policy} {version}, politique de Hygie).").format(
            letter=f"[bold]{graded.letter}[/]", policy=policy.id, version=policy.version
        )
    )
    language = terminal.language()
    for point in graded.points[:_POINTS_SHOWN]:
        rule = policy.rule(point.rule_id)
        if rule is None or not point.points:
            continue
        unsure = "" if rule.confirmed else _(" (non confirmé)")
        title = rule.title.in_language(language)
        line = f"  −{point.points:>2}  {title} – {point.subject} – {rule.reference.label}{unsure}"
        console.print(escape(line))
