"""Tell a decision in plain French or English, from the texts of its policy."""

from __future__ import annotations

import datetime as dt
import string
from typing import TYPE_CHECKING, Final

from hygie.engines.deciding.tree import deadline_reason

if TYPE_CHECKING:
    from collections.abc import Mapping
    from zoneinfo import ZoneInfo

    from hygie.engines.deciding.context import Reason
    from hygie.engines.deciding.decision import DecisionPolicy
    from hygie.engines.deciding.tree import Decided
    from hygie.referentials.section import Language

_NBSP: Final = "\u00a0"
_DAYS: Final[Mapping[Language, tuple[str, ...]]] = {
    "fr": ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"),
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
}
_MONTHS: Final[Mapping[Language, tuple[str, ...]]] = {
    "fr": (
        *("janvier", "février", "mars", "avril", "mai", "juin"),
        *("juillet", "août", "septembre", "octobre", "novembre", "décembre"),
    ),
    "en": (
        *("January", "February", "March", "April", "May", "June"),
        *("July", "August", "September", "October", "November", "December"),
    ),
}


def render_reason(reason: Reason, language: Language, *, policy: DecisionPolicy) -> str:
    """Return one reason as a sentence.

    A code that this version of the policy does not know is shown as it is: an old decision
    stays readable rather than breaking its page.
    """
    words = policy.texts.get(reason.code)
    if words is None:
        return reason.code
    teller = _Teller(language, policy, reason.params)
    return teller.vformat(words.in_language(language), (), reason.params)


def render_summary(
    decided: Decided,
    language: Language,
    *,
    policy: DecisionPolicy,
    now: dt.datetime,
    tz: ZoneInfo,
) -> str:
    """Return the decision in three short sentences: the situation, then the deadline.

    Such as « Des attaquants utilisent déjà cette faille. Elle est accessible depuis Internet.
    À corriger avant vendredi 18 h. »
    """
    first_two = {criterion for criterion, _ in decided.branch[:2]}
    told = [reason for reason in decided.reasons if reason.code.split(".")[0] in first_two]
    told.append(deadline_reason(decided.decision, decided.due_at, now=now, tz=tz))
    return " ".join(render_reason(reason, language, policy=policy) for reason in told)


class _Teller(string.Formatter):
    """Write placeholders as a person would: ``{due:moment}``, ``{added_on:date}``..."""

    def __init__(
        self, language: Language, policy: DecisionPolicy, params: Mapping[str, str | float]
    ) -> None:
        self._language = language
        self._policy = policy
        self._zone = str(params.get("zone", ""))

    def format_field(self, value: object, format_spec: str) -> str:
        match format_spec:
            case "date":
                return self._date(dt.date.fromisoformat(str(value)))
            case "weekday":
                return self._weekday(dt.datetime.fromisoformat(str(value)))
            case "moment":
                return self._moment(dt.datetime.fromisoformat(str(value)))
            case "percent":
                return self._percent(float(str(value)))
            case "outcome":
                return self._policy.outcome(str(value)).label.in_language(self._language)
            case _:
                return str(value)

    def _date(self, day: dt.date) -> str:
        month = _MONTHS[self._language][day.month - 1]
        first = "1er" if self._language == "fr" and day.day == 1 else str(day.day)
        return f"{first}{_NBSP}{month}{_NBSP}{day.year}"

    def _hour(self, moment: dt.datetime) -> str:
        if self._language == "fr":
            minutes = f"{_NBSP}{moment.minute:02}" if moment.minute else ""
            return f"{moment.hour}{_NBSP}h{minutes}{self._zone_name()}"
        return f"{moment.hour}:{moment.minute:02}{self._zone_name()}"

    def _weekday(self, moment: dt.datetime) -> str:
        day = _DAYS[self._language][moment.weekday()]
        return f"{day} {self._hour(moment)}"

    def _moment(self, moment: dt.datetime) -> str:
        day, date = _DAYS[self._language][moment.weekday()], self._date(moment.date())
        at = "à" if self._language == "fr" else "at"
        return f"{day} {date} {at} {self._hour(moment)}"

    def _zone_name(self) -> str:
        if not self._zone or self._zone == self._policy.home_zone:
            return ""
        words = self._policy.zones.get(self._zone)
        return f" ({words.in_language(self._language) if words else self._zone})"

    def _percent(self, share: float) -> str:
        text = f"{share * 100:.0f}"
        return f"{text}{_NBSP}%" if self._language == "fr" else f"{text}%"
