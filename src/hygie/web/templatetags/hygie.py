"""What templates cannot say alone: times in the zone of a place, badges, addresses of pages."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django import template
from django.contrib.messages import constants

from hygie.domain.findings.telling import language, title_of
from hygie.domain.people import queries
from hygie.vocabulary.enums import Role
from hygie.web import moments, navigation
from hygie.web.badges import grade_badge
from hygie.web.findings.history import words_of_event

if TYPE_CHECKING:
    import datetime as dt

    from django.contrib.messages.storage.base import Message
    from django.forms import BoundField
    from django.template.context import RequestContext
    from django.utils.safestring import SafeString

    from hygie.domain.findings.models import Event, Finding
    from hygie.domain.people.models import User
    from hygie.domain.territory.models import Node
    from hygie.referentials.section import Words

register = template.Library()

_ALERTS = {
    constants.SUCCESS: "success",
    constants.WARNING: "warning",
    constants.ERROR: "error",
}


@register.simple_tag(takes_context=True, name="navigation")
def main_navigation(context: RequestContext) -> list[navigation.Entry]:
    """Return the main menu."""
    return navigation.entries(context["request"])


@register.simple_tag(takes_context=True)
def page_url(context: RequestContext, number: int) -> str:
    """Return the address of another page of the same list, filters kept."""
    query = context["request"].GET.copy()
    query["page"] = str(number)
    return f"?{query.urlencode()}"


@register.simple_tag(takes_context=True)
def with_query(context: RequestContext, **changes: object) -> str:
    """Return the query of this page with some values changed; an empty value removes one."""
    query = context["request"].GET.copy()
    query.pop("page", None)
    for name, value in changes.items():
        query.pop(name, None)
        if value not in ("", None):
            query[name] = str(value)
    return f"?{query.urlencode()}"


@register.filter
def moment(at: dt.datetime | None, node: Node | None = None) -> str:
    """Return a time in the zone of ``node``; the zone is named overseas."""
    return moments.moment(at, node.time_zone if node else moments.HOME) if at else ""


@register.filter
def deadline(at: dt.datetime | None, node: Node | None = None) -> str:
    """Return a deadline with its weekday, in the zone of ``node``."""
    return moments.deadline(at, node.time_zone if node else moments.HOME) if at else ""


@register.filter
def day(on: dt.date | None) -> str:
    """Return a date with its month in words."""
    return moments.day(on) if on else ""


@register.filter
def ago(at: dt.datetime | None) -> str:
    """Return how long ago that was, in one unit."""
    return moments.ago(at) if at else ""


@register.filter
def in_words(words: Words) -> str:
    """Return a text of the referentials in the language of the page."""
    return words.in_language(language())


@register.filter
def add_minutes(at: dt.datetime, minutes: int) -> dt.datetime:
    """Return a moment so many minutes later."""
    return at + timedelta(minutes=minutes)


@register.filter
def percent(share: float) -> str:
    """Return a share from 0 to 1 as a percentage."""
    return moments.percent(share)


@register.filter
def finding_title(finding: Finding) -> str:
    """Return a finding's title in the reader's language."""
    return title_of(finding)


@register.filter
def event_words(event: Event) -> str:
    """Return what an event of a finding's history changed, in words."""
    return words_of_event(event)


@register.simple_tag
def demo_accounts() -> list[User]:
    """Return the one-click accounts, in the order of the roles."""
    return sorted(queries.demo_accounts(), key=_role_order)


@register.filter
def alert_kind(message: Message) -> str:
    """Return DSFR's kind of alert for a message."""
    return _ALERTS.get(message.level, "info")


@register.filter
def undo_target(message: Message) -> str:
    """Return the finding whose change this message can undo, empty when there is none."""
    for tag in (message.extra_tags or "").split():
        if tag.startswith("undo-"):
            return tag.removeprefix("undo-")
    return ""


@register.filter
def grade(letter: str) -> str:
    """Return the badge of a grade."""
    return grade_badge(letter)


@register.filter
def group_class(field: BoundField) -> str:
    """Return DSFR's class of the group around a field."""
    return "fr-select-group" if _is_select(field) else "fr-input-group"


@register.filter
def dsfr_widget(field: BoundField) -> SafeString:
    """Return the widget with DSFR's class."""
    return field.as_widget(attrs={"class": "fr-select" if _is_select(field) else "fr-input"})


def _role_order(user: User) -> tuple[int, str]:
    order = list(Role)
    ranks = [order.index(Role(grant.role)) for grant in user.grants.all()]
    return min(ranks, default=len(order)), user.email


def _is_select(field: BoundField) -> bool:
    return getattr(field.field.widget, "input_type", "") == "select"
