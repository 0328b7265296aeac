from __future__ import annotations

import logging
import re
from collections.abc import Callable

import pytest
from django.http import HttpResponse
from django.test import Client, RequestFactory
from tests.web.world import World

from hygie.web.health.watching import (
    WatchingMiddleware,
    address_of,
    path_of,
    request_id_of,
    user_id_of,
    view_of,
)

pytestmark = pytest.mark.usefixtures("operated")
ASK = RequestFactory()


def test_a_request_keeps_the_name_its_proxy_gave_if_it_is_one() -> None:
    assert request_id_of(ASK.get("/", HTTP_X_REQUEST_ID="abc-12345678")) == "abc-12345678"
    for forged in ("", "court", "a b" * 5, "x" * 65, 'x"y' * 4):
        assert re.fullmatch("[0-9a-f]{32}", request_id_of(ASK.get("/", HTTP_X_REQUEST_ID=forged)))


@pytest.mark.parametrize(
    ("direct", "forwarded", "expected"),
    [
        ("192.0.2.7", "", "192.0.2.7"),
        ("192.0.2.7", "203.0.113.1", "192.0.2.7"),
        ("127.0.0.1", "1.1.1.1, 203.0.113.1", "203.0.113.1"),
        ("", "203.0.113.1", "203.0.113.1"),
        ("127.0.0.1", "<script>", "127.0.0.1"),
        ("", "", None),
    ],
)
def test_only_a_proxy_of_this_machine_is_believed(
    direct: str, forwarded: str, expected: str | None
) -> None:
    headers = {"HTTP_X_FORWARDED_FOR": forwarded} if forwarded else {}

    assert address_of(ASK.get("/", REMOTE_ADDR=direct, **headers)) == expected  # type: ignore[arg-type]


@pytest.mark.django_db
def test_every_answer_is_traced_with_the_account_by_number(
    world: World, sign_in: Callable[[str], Client], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, logger="hygie.access")

    answer = sign_in("rssi").get("/constats/?q=mot", HTTP_X_REQUEST_ID="trace-0001")

    [line] = [one for one in caplog.records if one.name == "hygie.access"]
    told = vars(line)
    assert answer["X-Request-ID"] == "trace-0001"
    assert (told["path"], told["status"], told["view"]) == ("/constats/", 200, "finding-list")
    assert told["user_id"] == str(world.users["rssi"].pk)
    assert world.users["rssi"].email not in str(told)
    assert "mot" not in str(told["path"])


@pytest.mark.django_db
def test_a_secret_in_an_address_is_replaced_by_its_name() -> None:
    request = Client().get("/comptes/mot-de-passe/").wsgi_request
    assert path_of(request) == request.path
    match = request.resolver_match
    assert match is not None
    match.kwargs = {"key": "cle-tres-secrete"}
    request.path = "/comptes/cle/cle-tres-secrete/"

    assert path_of(request) == "/comptes/cle/<key>/"


def test_nobody_and_nowhere_have_names_too() -> None:
    request = ASK.get("/")

    assert (view_of(request), user_id_of(request)) == ("none", None)


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/", "/comptes/connexion/", "/nulle-part/", "/sante/vivant"])
def test_every_answer_closes_the_browsers_doors(path: str) -> None:
    answer = Client().get(path)

    assert answer["Cross-Origin-Resource-Policy"] == "same-origin"
    assert answer["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "camera=()" in answer["Permissions-Policy"]
    assert "publickey-credentials" not in answer["Permissions-Policy"]
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Referrer-Policy"] == "same-origin"
    assert answer["X-Frame-Options"] == "DENY"


@pytest.mark.django_db
def test_no_page_may_run_what_is_not_ours() -> None:
    policy = Client().get("/comptes/connexion/")["Content-Security-Policy"]

    assert "unsafe" not in policy
    assert "default-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "*" not in policy


def test_what_is_no_page_may_run_nothing() -> None:
    file = WatchingMiddleware(lambda _request: HttpResponse(b"a file"))

    policy = file(ASK.get("/static/x.svg"))["Content-Security-Policy"]

    assert policy.startswith("default-src 'none'; object-src 'none'; base-uri 'none'")


@pytest.mark.django_db
def test_what_a_person_read_is_kept_by_no_browser(
    world: World,  # noqa: ARG001 - fills the database
    sign_in: Callable[[str], Client],
) -> None:
    assert sign_in("rssi").get("/constats/")["Cache-Control"] == "private, no-store"
    assert "Cache-Control" not in Client().get("/mentions-legales/")


@pytest.mark.django_db
def test_a_refused_password_is_told_without_its_owner(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    address = world.users["rssi"].email

    Client().post(
        "/comptes/connexion/",
        {"login": address, "password": "faux-mot-de-passe"},
        REMOTE_ADDR="192.0.2.9",
    )

    [line] = [one for one in caplog.records if one.getMessage() == "sign-in refused"]
    assert vars(line)["address"] == "192.0.2.9"
    assert address not in str(vars(line))


def test_a_header_that_a_view_chose_stays() -> None:
    def view(_request: object) -> HttpResponse:
        return HttpResponse(headers={"Cross-Origin-Resource-Policy": "cross-origin"})

    answer = WatchingMiddleware(view)(ASK.get("/"))

    assert answer["Cross-Origin-Resource-Policy"] == "cross-origin"
