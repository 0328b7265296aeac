"""Decide what to do about a finding: act, attend or track, by when, why, and what would change it.

Facts and judgement stay apart: a Context says what is known, a DecisionPolicy says what follows.
A manufacturer's "not affected" and an accepted risk are applied by the domain, not here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeAlias

from hygie.engines.deciding.context import Branch, Context, Reason
from hygie.engines.deciding.deadlines import due_at
from hygie.engines.deciding.decision import CRITERIA, TABLES
from hygie.vocabulary.enums import Decision

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Container
    from zoneinfo import ZoneInfo

    from hygie.engines.deciding.decision import DecisionPolicy, OutcomeRung

_DAYS_A_WEEK: Final = 7  # within it, the name of a weekday says which day

Urgency: TypeAlias = tuple[int, "dt.datetime", int, tuple[int, ...]]


@dataclass(frozen=True, slots=True)
class Decided:
    """What the policy says, with its whole explanation.

    Attributes:
        decision: act, attend or track.
        due_at: aware UTC time by which it should be done.
        branch: (criterion, value) pairs that decided, in the order asked.
        reasons: one sentence a criterion, each followed by its facts; the deadline is told by
            ``deadline_reason`` when it is shown, because « vendredi » grows old.
        would_change: what would make the answer more or less urgent.
        outcome_id, rank: outcome of the policy; rank 0 is the most urgent.
        policy_id, policy_version: policy that decided.
    """

    decision: Decision
    due_at: dt.datetime
    branch: Branch
    reasons: tuple[Reason, ...]
    would_change: tuple[Reason, ...]
    outcome_id: str
    rank: int
    policy_id: str
    policy_version: str


def decide(
    context: Context,
    policy: DecisionPolicy,
    *,
    now: dt.datetime,
    tz: ZoneInfo,
    holidays: Container[dt.date] = frozenset(),
) -> Decided:
    """Return the decision of the policy on a context.

    Args:
        context: from ``context_from_cve`` or ``context_from_weakness``.
        policy: see ``decision_policy``.
        now: aware time from which the deadline runs: when the finding was first decided.
        tz: time zone of the establishment, whose working hours the deadline respects.
        holidays: local days on which nobody works.
    """
    rung = _outcome(context, policy)
    due = due_at(rung, policy.working_time, now=now, tz=tz, holidays=holidays)
    return Decided(
        decision=rung.decision,
        due_at=due,
        branch=context.branch,
        reasons=_reasons(context),
        would_change=_would_change(context, rung, policy),
        outcome_id=rung.id,
        rank=rung.rank,
        policy_id=policy.id,
        policy_version=policy.version,
    )


def urgency(decided: Decided) -> Urgency:
    """Return a sort key, most urgent first: decision, deadline, outcome, then how grave."""
    gravity = tuple(CRITERIA[criterion].index(value) for criterion, value in decided.branch)
    return tuple(Decision).index(decided.decision), decided.due_at, decided.rank, gravity


def deadline_reason(
    decision: Decision, due: dt.datetime, *, now: dt.datetime, tz: ZoneInfo
) -> Reason:
    """Return the sentence of a deadline as it reads now: to be told when shown, never stored.

    Args:
        decision: of the finding; what is only tracked is reviewed rather than fixed.
        due: aware time of the deadline, as kept with the finding.
        now: aware time of reading.
        tz: time zone of the establishment.
    """
    local, today = due.astimezone(tz), now.astimezone(tz).date()
    if due < now:
        code = "due.passed"
    elif decision is Decision.TRACK:
        code = "due.review"
    elif (local.date() - today).days < _DAYS_A_WEEK:
        code = "due.this_week"
    else:
        code = "due.later"
    return Reason(code, {"due": local.isoformat(timespec="minutes"), "zone": tz.key})


def _outcome(context: Context, policy: DecisionPolicy) -> OutcomeRung:
    if tuple(criterion for criterion, _ in context.branch) != TABLES[context.table]:
        raise ValueError(f"criteria of {context.table} are {TABLES[context.table]}")
    return policy.tables[context.table][tuple(value for _, value in context.branch)]


def _reasons(context: Context) -> tuple[Reason, ...]:
    return tuple(
        reason
        for criterion, value in context.branch
        for reason in (context.told(criterion, value), *context.grounds.get(criterion, ()))
    )


def _would_change(
    context: Context, rung: OutcomeRung, policy: DecisionPolicy
) -> tuple[Reason, ...]:
    """Say, criterion by criterion, the nearest values that would change the outcome.

    A value without a ``change.…`` text is left unsaid on purpose: nobody can bring it about.
    """
    changes = []
    for at, (criterion, value) in enumerate(context.branch):
        order = CRITERIA[criterion]
        here = order.index(value)
        for values in (order[here + 1 :], order[:here][::-1]):
            change = _nearest_change(context.branch, at, values, rung, policy, context.table)
            if change:
                changes.append(change)
    return tuple(changes)


def _nearest_change(
    branch: Branch,
    at: int,
    values: tuple[str, ...],
    rung: OutcomeRung,
    policy: DecisionPolicy,
    table: str,
) -> Reason | None:
    for value in values:
        other = [existing for _, existing in branch]
        other[at] = str(value)
        outcome = policy.tables[table][tuple(other)]
        code = f"change.{branch[at][0]}.{value}"
        if outcome.rank != rung.rank and code in policy.texts:
            return Reason(code, {"outcome": outcome.id})
    return None
