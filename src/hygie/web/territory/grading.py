"""Put a stored grade in words: themes, lost points, what was not observed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from hygie.domain.findings.telling import language
from hygie.engines.deciding.exposure import exposure_policy, exposure_policy_version
from hygie.referentials.section import ReferentialError

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
    capped: bool
    themes: tuple[ThemeLine, ...]
    points: tuple[PointLine, ...]
    notice: str

    @property
    def costly(self) -> list[PointLine]:
        """What cost points."""
        return [point for point in self.points if point.points]

    @property
    def free(self) -> list[PointLine]:
        """Repeats past the policy's bound: still there, no longer counted."""
        return [point for point in self.points if not point.points]


def explain_grade(given: GradeGiven) -> GradeWords:
    """Return a stored grade in the reader's language, with the policy that gave it."""
    policy = _policy(given.policy_version)
    spoken = language()
    titles = {theme.id: theme.title.in_language(spoken) for theme in policy.themes}
    return GradeWords(
        given=given,
        capped=any(row["capped"] for row in given.themes.values()),
        themes=tuple(
            ThemeLine(
                titles.get(theme, theme), row["letter"] or "", row["score"], row["unanswered"]
            )
            for theme, row in given.themes.items()
        ),
        points=tuple(_point(row, policy, titles) for row in given.points),
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
