"""Grade an establishment's exposure from A to F, every lost point explained.

Each theme starts at 100 and loses the points of its weaknesses; the weakest theme decides the
overall score, each theme bearing its weight. Caps then forbid a good letter beside a grave
weakness, and beside a question that got no answer. So one more outcome never improves a grade
that exists, and what was not observed is listed, never counted as passed.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hygie.engines.deciding.exposure import LETTERS, Letter
from hygie.engines.deciding.judging import Gap, Weakness, applies, gaps, judged, weaknesses
from hygie.vocabulary.enums import Severity

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Mapping, Sequence

    from hygie.engines.deciding.exposure import Cap, ExposurePolicy, Theme
    from hygie.referentials.section import Source
    from hygie.vocabulary.facts import Json, Outcome

_SEVERITIES = tuple(Severity)


@dataclass(frozen=True, slots=True)
class Point:
    """Points lost to one weakness.

    Attributes:
        rule_id, subject, place, probe, severity, facts: as in Weakness.
        theme: theme that loses them.
        points: how many; 0 for a repeat past the policy's bound, still listed.
        reference: text behind the rule; ``reference.confirmed`` False reads « non confirmé ».
    """

    rule_id: str
    theme: str
    probe: str
    subject: str
    place: str
    severity: Severity
    points: int
    facts: Mapping[str, Json]
    reference: Source


@dataclass(frozen=True, slots=True)
class ThemeGrade:
    """The grade of one theme.

    Attributes:
        theme: id of the theme.
        letter, score: None when nothing of the theme was observed.
        capped: True when a cap, not the score, decided the letter.
        answered: observations that the theme's rules could read.
        unanswered: gaps of the theme.
    """

    theme: str
    letter: Letter | None
    score: int | None
    capped: bool
    answered: int
    unanswered: int


@dataclass(frozen=True, slots=True)
class Grade:
    """A grade and everything that explains it; same outcomes, policy and time, same grade.

    Attributes:
        letter, score: overall; None when nothing at all was observed.
        capped: True when a cap, not the score, decided the letter.
        weakest: theme that decided the score, empty when nothing was observed.
        themes: one per theme of the policy, in its order.
        points: the most costly first; per theme, they sum up to 100 minus its score unless
            the score stopped at 0.
        not_observed: what has no answer.
        policy_id, policy_version: policy that graded; see ``exposure_policy_version``.
        graded_at: aware time at which dates were judged.
    """

    letter: Letter | None
    score: int | None
    capped: bool
    weakest: str
    themes: tuple[ThemeGrade, ...]
    points: tuple[Point, ...]
    not_observed: tuple[Gap, ...]
    policy_id: str
    policy_version: str
    graded_at: dt.datetime

    @property
    def complete(self) -> bool:
        """True when everything asked got an answer."""
        return not self.not_observed


def grade(outcomes: Iterable[Outcome], policy: ExposurePolicy, *, now: dt.datetime) -> Grade:
    """Return the grade of one establishment from the outcomes of one round.

    Args:
        outcomes: observations and refusals of every subject, in any order. Give the last known
            observation of a subject beside its refusal of today: what was weak stays weak until
            it is seen repaired, and a target that is down never improves a grade.
        policy: see ``exposure_policy``.
        now: aware time at which dates are judged.
    """
    known = list(outcomes)
    points = _points(weaknesses(known, policy, now=now), policy)
    missing = gaps(known, policy, now=now)
    answered = _answered(known, policy, now=now)
    themes = tuple(
        _grade_theme(theme, points, missing, answered[theme.id], policy) for theme in policy.themes
    )
    score, weakest = _overall(themes, policy)
    letter, capped = _letter(score, points, missing, policy.overall_caps, policy)
    return Grade(
        letter=letter,
        score=score,
        capped=capped,
        weakest=weakest,
        themes=themes,
        points=points,
        not_observed=tuple(missing),
        policy_id=policy.id,
        policy_version=policy.version,
        graded_at=now,
    )


def _points(found: Sequence[Weakness], policy: ExposurePolicy) -> tuple[Point, ...]:
    """Price each weakness: full for the first place of a rule, a share for the next ones."""
    rules = {rule.id: rule for rule in policy.rules}
    seen: Counter[str] = Counter()
    points = []
    for weakness in found:
        rule = rules[weakness.rule_id]
        rank = seen[rule.id]
        seen[rule.id] += 1
        points.append(
            Point(
                rule_id=rule.id,
                theme=rule.theme,
                probe=rule.probe,
                subject=weakness.subject,
                place=weakness.place,
                severity=rule.severity,
                points=_price(rule.points, rank, policy),
                facts=weakness.facts,
                reference=rule.reference,
            )
        )
    points.sort(key=lambda point: (-point.points, _SEVERITIES.index(point.severity)))
    return tuple(points)


def _price(points: int, rank: int, policy: ExposurePolicy) -> int:
    if rank == 0:
        return points
    return points * policy.repeat_share // 100 if rank <= policy.repeat_most else 0


def _answered(
    outcomes: Iterable[Outcome], policy: ExposurePolicy, *, now: dt.datetime
) -> Counter[str]:
    """Count, per theme, the observations on which a rule that concerns them could conclude."""
    concluded = {
        (rule.theme, seen.subject, seen.probe)
        for rule, seen, answer in judged(outcomes, policy, now=now)
        if answer is not None and applies(rule, seen.value, now=now)
    }
    return Counter(theme for theme, _, _ in concluded)


def _grade_theme(
    theme: Theme,
    points: Sequence[Point],
    missing: Sequence[Gap],
    answered: int,
    policy: ExposurePolicy,
) -> ThemeGrade:
    mine = [point for point in points if point.theme == theme.id]
    probes = {rule.probe for rule in policy.rules if rule.theme == theme.id}
    rules = {rule.id for rule in policy.rules if rule.theme == theme.id}
    silent = [gap for gap in missing if (gap.rule_id in rules or not gap.rule_id)]
    silent = [gap for gap in silent if gap.probe in probes]
    score = max(0, 100 - sum(point.points for point in mine)) if answered else None
    letter, capped = _letter(score, mine, silent, policy.theme_caps, policy)
    return ThemeGrade(theme.id, letter, score, capped, answered, len(silent))


def _overall(themes: Sequence[ThemeGrade], policy: ExposurePolicy) -> tuple[int | None, str]:
    weights = {theme.id: theme.weight for theme in policy.themes}
    scores = [
        (100 - weights[graded.theme] * (100 - graded.score) // 100, graded.theme)
        for graded in themes
        if graded.score is not None
    ]
    if not scores:
        return None, ""
    lowest = min(score for score, _ in scores)
    return lowest, next(theme for score, theme in scores if score == lowest)


def _letter(
    score: int | None,
    points: Sequence[Point],
    missing: Sequence[Gap],
    caps: Sequence[Cap],
    policy: ExposurePolicy,
) -> tuple[Letter | None, bool]:
    """Return the letter of a score, and whether a cap made it worse."""
    if score is None:
        return None, False
    plain = next(letter for letter, least in policy.thresholds.items() if score >= least)
    count = Counter(point.severity for point in points)
    limits = [cap.letter for cap in caps if count[cap.severity] >= cap.count]
    if any(_matters(gap, policy) for gap in missing):
        limits.append(policy.unknown_cap)
    worst = max([plain, *limits], key=LETTERS.index)
    return worst, worst is not plain


def _matters(gap: Gap, policy: ExposurePolicy) -> bool:
    """Tell whether a gap is serious enough to forbid the best letters."""
    if not gap.rule_id:
        return gap.probe in policy.unknown_probes and gap.reason in policy.unknown_reasons
    rule = policy.rule(gap.rule_id)
    if rule is None or rule.often_unknown:
        return False
    return _SEVERITIES.index(rule.severity) <= _SEVERITIES.index(policy.unknown_from)
