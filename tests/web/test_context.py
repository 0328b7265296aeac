from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.models import AnonymousUser
from django.test import RequestFactory

from hygie import __version__
from hygie.web.context import site

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytest_django import DjangoAssertNumQueries
    from pytest_django.fixtures import SettingsWrapper
    from tests.web.world import World


def test_the_frame_says_who_runs_the_site(settings: SettingsWrapper) -> None:
    settings.HYGIE_OPERATOR, settings.HYGIE_CONTACT = "CH d’Essai", "a@b.example"
    settings.HYGIE_DEMO = True

    frame = site(RequestFactory().get("/"))

    assert (frame["OPERATOR"], frame["CONTACT"]) == ("CH d’Essai", "a@b.example")
    assert (frame["DEMO"], frame["VERSION"]) == (True, __version__)
    assert frame["LANGUAGE_CODE"] == "fr"


def test_a_stranger_s_frame_says_nothing_of_anybody() -> None:
    request = RequestFactory().get("/")
    request.user = AnonymousUser()

    assert {"unread_notices", "reads_findings"} & set(site(request)) == set()


def test_what_a_page_does_not_ask_costs_nothing(
    world: World, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    request = RequestFactory().get("/")
    request.user = world.users["ministry"]

    with django_assert_num_queries(0):
        frame = site(request)

    unread: Callable[[], int] = frame["unread_notices"]  # type: ignore[assignment]
    reads: Callable[[], bool] = frame["reads_findings"]  # type: ignore[assignment]
    assert (unread(), reads()) == (1, False)
