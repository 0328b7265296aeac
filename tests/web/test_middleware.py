from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.test import RequestFactory
from django.utils import translation

from hygie.domain.people.rowsecurity.scope import current
from hygie.web.middleware import ChosenLanguageMiddleware, RowScopeMiddleware, follow_sign_in

if TYPE_CHECKING:
    from collections.abc import Iterator


def answer(request: HttpRequest) -> HttpResponse:
    return HttpResponse(f"{translation.get_language()} {request.LANGUAGE_CODE}")  # type: ignore[attr-defined]


def asked(cookie: str = "") -> HttpRequest:
    request = RequestFactory().get("/", headers={"Accept-Language": "en"})
    if cookie:
        request.COOKIES[settings.LANGUAGE_COOKIE_NAME] = cookie
    return request


@pytest.mark.parametrize(
    ("cookie", "language"),
    [("", "fr"), ("en", "en"), ("fr", "fr"), ("de", "fr"), ("../../etc", "fr")],
    ids=["the browser's wish is nothing", "chosen", "French", "not ours", "nonsense"],
)
def test_the_language_is_the_one_chosen_else_french(cookie: str, language: str) -> None:
    response = ChosenLanguageMiddleware(answer)(asked(cookie))

    assert response.content.decode() == f"{language} {language}"
    assert response["Content-Language"] == language


def test_the_language_does_not_outlive_the_request() -> None:
    with translation.override("fr"):
        ChosenLanguageMiddleware(answer)(asked("en"))

        assert translation.get_language() == "fr"


def test_an_answer_that_says_its_own_language_keeps_it() -> None:
    response = ChosenLanguageMiddleware(lambda _: HttpResponse(headers={"Content-Language": "en"}))(
        asked()
    )

    assert response["Content-Language"] == "en"


PERSON: Any = SimpleNamespace(pk=7)


def sent_by(user: Any) -> HttpRequest:  # noqa: ANN401 - an account or nobody
    request = asked()
    request.user = user
    return request


def heard() -> str:
    return f"{current().kind} {current().subject}".strip()


@pytest.mark.parametrize(("user", "scope"), [(PERSON, "person 7"), (AnonymousUser(), "nobody")])
def test_the_database_is_asked_for_who_sends_the_request(user: Any, scope: str) -> None:  # noqa: ANN401 - see above
    before = heard()
    response = RowScopeMiddleware(lambda _: HttpResponse(heard()))(sent_by(user))

    assert response.content.decode() == scope
    assert heard() == before


def test_a_streamed_answer_keeps_the_scope_of_its_request() -> None:
    def lines() -> Iterator[str]:
        yield heard()
        yield heard()

    response = RowScopeMiddleware(lambda _: StreamingHttpResponse(lines()))(sent_by(PERSON))  # type: ignore[arg-type] # a response too
    before = heard()

    assert list(response) == [b"person 7", b"person 7"]
    assert heard() == before


def test_whoever_has_just_signed_in_is_asked_for_until_the_end_of_that_request() -> None:
    def signing_in(request: HttpRequest) -> HttpResponse:
        follow_sign_in(request, PERSON)
        return HttpResponse(heard())

    before = heard()
    response = RowScopeMiddleware(signing_in)(sent_by(AnonymousUser()))

    assert response.content == b"person 7"
    assert heard() == before


def test_the_scope_ends_with_a_request_that_breaks() -> None:
    def breaking(_: HttpRequest) -> HttpResponse:
        raise KeyError

    before = heard()
    with pytest.raises(KeyError):
        RowScopeMiddleware(breaking)(sent_by(PERSON))

    assert heard() == before
