from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest
from django import forms
from django.contrib.messages import constants
from django.contrib.messages.storage.base import Message
from django.template import Context, RequestContext, Template
from django.test import RequestFactory

from hygie.domain.territory.models import Node
from hygie.web.templatetags import hygie

if TYPE_CHECKING:
    from tests.web.world import World

AT = dt.datetime(2026, 11, 27, 14, tzinfo=dt.UTC)


class Asked(forms.Form):
    text = forms.CharField()
    choice = forms.ChoiceField(choices=(("a", "A"),))


def rendered(tag: str, address: str = "/", **values: object) -> str:
    context = RequestContext(RequestFactory().get(address), values)
    return Template("{% load hygie %}{% autoescape off %}" + tag + "{% endautoescape %}").render(
        context
    )


def test_another_page_keeps_the_filters() -> None:
    assert rendered("{% page_url 3 %}", "/?q=a%26b&page=2") == "?q=a%26b&page=3"


@pytest.mark.parametrize(
    ("tag", "query"),
    [
        ("{% with_query order='due' %}", "?q=vpn&order=due"),
        ("{% with_query q='' %}", "?"),
        ("{% with_query q=nothing %}", "?"),
    ],
    ids=["added, back to the first page", "removed when empty", "removed when None"],
)
def test_a_query_changes_where_asked(tag: str, query: str) -> None:
    assert rendered(tag, "/?q=vpn&page=4", nothing=None) == query


def test_times_are_in_the_zone_of_their_place() -> None:
    island = Node(time_zone="Indian/Reunion")

    assert hygie.deadline(AT, island) == "vendredi 27 novembre, 18\u00a0h (heure de La Réunion)"
    assert "heure de" not in hygie.deadline(AT)
    assert hygie.moment(AT, island) != hygie.moment(AT)


@pytest.mark.parametrize("told", [hygie.moment, hygie.deadline, hygie.day, hygie.ago])
def test_no_time_is_said_by_nothing(told: object) -> None:
    assert told(None) == ""  # type: ignore[operator]


@pytest.mark.parametrize(
    ("level", "kind"),
    [
        (constants.SUCCESS, "success"),
        (constants.WARNING, "warning"),
        (constants.ERROR, "error"),
        (constants.INFO, "info"),
        (constants.DEBUG, "info"),
    ],
)
def test_a_message_has_its_kind_of_alert(level: int, kind: str) -> None:
    assert hygie.alert_kind(Message(level, "dit")) == kind


@pytest.mark.parametrize(("tags", "target"), [("safe undo-12", "12"), ("safe", ""), (None, "")])
def test_a_message_says_what_it_can_undo(tags: str | None, target: str) -> None:
    assert hygie.undo_target(Message(constants.SUCCESS, "dit", extra_tags=tags)) == target


def test_a_field_has_the_class_of_its_widget() -> None:
    form = Asked()

    assert [hygie.group_class(form[name]) for name in ("text", "choice")] == [
        "fr-input-group",
        "fr-select-group",
    ]
    assert 'class="fr-input"' in hygie.dsfr_widget(form["text"])
    assert 'class="fr-select"' in hygie.dsfr_widget(form["choice"])


def test_accounts_of_a_demonstration_come_in_the_order_of_the_roles(world: World) -> None:
    names = [user.name.removeprefix("Personne ") for user in hygie.demo_accounts()]

    assert set(names) == set(world.users)
    assert names[:2] == ["ght_rssi", "neighbour_rssi"]
    assert names.index("director") < names.index("ars") < names.index("admin")


def test_a_finding_s_title_is_escaped_in_a_page(world: World) -> None:
    finding = world.findings["own.flaw"]
    finding.title = "<b>gras</b>"

    text = Template("{% load hygie %}{{ finding|finding_title }}").render(
        Context({"finding": finding})
    )

    assert text == "&lt;b&gt;gras&lt;/b&gt;"
