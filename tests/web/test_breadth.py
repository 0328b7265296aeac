"""Reading pages know the reader's roles; what writes asks the database anew."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from tests.web.world import World

from hygie.domain.people.breadth import held_places
from hygie.domain.people.roles import Permission
from hygie.web.breadth import BreadthMiddleware


@pytest.mark.parametrize(("method", "known"), [("GET", True), ("HEAD", True), ("POST", False)])
def test_only_what_reads_is_answered_from_the_request(
    method: str, *, known: bool, world: World
) -> None:
    cert, seen = world.users["cert"], []
    request = HttpRequest()
    request.method, request.user = method, cert

    def view(_: HttpRequest) -> HttpResponse:
        seen.append(held_places(cert, Permission.FINDING_READ))
        return HttpResponse()

    BreadthMiddleware(view)(request)

    assert seen == [(world.nodes["nation"].pk,) if known else None]


def test_nobody_is_asked_about_before_signing_in() -> None:
    request = HttpRequest()
    request.method, request.user = "GET", AnonymousUser()

    assert BreadthMiddleware(lambda _: HttpResponse("là"))(request).content == "là".encode()
