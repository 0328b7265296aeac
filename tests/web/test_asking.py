from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.models import AnonymousUser
from django.test import RequestFactory

from hygie.domain.people.models import Grant
from hygie.domain.people.roles import GRANTED, Permission
from hygie.vocabulary.enums import Role
from hygie.web.asking import grants_of, permissions_of

if TYPE_CHECKING:
    from django.http import HttpRequest
    from pytest_django import DjangoAssertNumQueries
    from tests.web.world import World

    from hygie.domain.people.models import User


def asked_by(user: User | AnonymousUser) -> HttpRequest:
    request = RequestFactory().get("/")
    request.user = user
    return request


def test_roles_are_read_once_a_request(
    world: World, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    request = asked_by(world.users["rssi"])

    with django_assert_num_queries(1):
        first, again = grants_of(request), grants_of(request)

    assert first is again
    assert [grant.role for grant in first] == [Role.RSSI]


def test_several_roles_add_up_and_one_that_ended_adds_nothing(world: World) -> None:
    user = world.users["ministry"]
    Grant.objects.create(user=user, role=Role.DIRECTOR, node=world.nodes["own"])
    ended = Grant.objects.create(user=user, role=Role.ADMIN, node=world.nodes["nation"])
    ended.valid_to = ended.valid_from
    ended.save()

    held = permissions_of(asked_by(user))

    assert held == GRANTED[Role.MINISTRY] | GRANTED[Role.DIRECTOR]


def test_a_stranger_has_no_role_and_may_nothing() -> None:
    request = asked_by(AnonymousUser())

    assert grants_of(request) == []
    assert Permission.TERRITORY_READ not in permissions_of(request)
