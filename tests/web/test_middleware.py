from __future__ import annotations

import pytest
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from django.utils import translation

from hygie.web.middleware import ChosenLanguageMiddleware


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
