"""Put a stored grade in words: themes, lost points, what was not observed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from hygie.engines.deciding.exposure import exposure_policy, exposure_policy_version
from hygie.referentials.section import ReferentialError
from hygie.web.findings.presenting import language

if TYPE_CHECKING:
    from hygie.domain.surveillance.models import GradeGiven
    from hygie.engines.deciding.exposure import ExposurePolicy


@dataclass(frozen=True, slots=True)
class ThemeLine:
    """One theme: its letter is empty when nothing of it was observed."""

    title: str
    letter: str
    score: int | None
    unanswered: int


@dataclass(frozen=True, slots=True)
class PointLine:
    """Points lost to one weakness; ``confirmed`` False reads "non confirmé"."""

    title: str
    theme: str
    subject: str
    place: str
    points: int
    reference: str
    confirmed: bool


@dataclass(frozen=True, slots=True)
class GradeWords:
    """A grade with its explanation."""

    given: GradeGiven
    weakest: str
    capped: bool
    themes: tuple[ThemeLine, ...]
    points: tuple[PointLine, ...]
    not_observed: tuple[dict[str, Any], ...]
    notice: str


def explain_grade(given: GradeGiven) -> GradeWords:
    """Return a stored grade in the reader's language, with the policy that gave it."""
    policy = _policy(given.policy_version)
    spoken = language()
    titles = {theme.id: theme.title.in_language(spoken) for theme in policy.themes}
    stored = given.themes.get("themes", given.themes)
    rows = (
        stored
        if isinstance(stored, list)
        else [
            {"theme": theme, **values}
            for theme, values in stored.items()
            if isinstance(values, dict)
        ]
    )
    return GradeWords(
        given=given,
        weakest=titles.get(given.themes.get("weakest", ""), ""),
        capped=bool(given.themes.get("capped", False)),
        themes=tuple(
            ThemeLine(
                titles.get(row["theme"], row["theme"]),
                row.get("letter") or "",
                row.get("score"),
                row.get("unanswered") or 0,
            )
            for row in rows
        ),
        points=tuple(_point(row, policy, titles) for row in given.points),
        not_observed=tuple(given.not_observed),
        notice=policy.notice.in_language(spoken),
    )


def _point(row: dict[str, Any], policy: ExposurePolicy, titles: dict[str, str]) -> PointLine:
    rule = policy.rule(row["rule_id"])
    return PointLine(
        title=rule.title.in_language(language()) if rule else row["rule_id"],
        theme=titles.get(row.get("theme", ""), ""),
        subject=row["subject"],
        place=row.get("place", ""),
        points=row["points"],
        reference=rule.reference.label if rule else "",
        confirmed=rule.confirmed if rule else True,
    )


def _policy(version: str) -> ExposurePolicy:
    """Return the policy that graded, the one in force when that version is no longer carried."""
    if version:
        try:
            return exposure_policy_version(version)
        except ReferentialError:
            return exposure_policy(on=timezone.localdate())
    return exposure_policy(on=timezone.localdate())
