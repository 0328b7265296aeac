"""What goes wrong is a problem document, always of the same shape."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.http import Http404
from django.test import Client, RequestFactory
from ninja.errors import HttpError, Throttled, ValidationError
from tests.api.conftest import new_key

from hygie.api import gate, problems
from hygie.api.faults import MAX_FAULTS, as_problem, invalid
from hygie.api.problems import KINDS, ProblemError, answer_with
from hygie.api.service import api
from hygie.domain.findings.lifecycle import LifecycleError
from hygie.vocabulary.errors import InputError, TooLargeError, UsageError

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.web.world import World

REQUEST = RequestFactory().get("/api/v1/me")


def test_types_are_stable_and_distinct() -> None:
    types = [kind.type for kind in KINDS]

    assert len(set(types)) == len(types)
    assert "urn:hygie:problem:not-found" in types


def test_a_problem_has_what_rfc_9457_asks() -> None:
    answer = answer_with(ProblemError(problems.STALE, "Relisez.", headers={"X-Essai": "1"}))

    assert answer["Content-Type"] == "application/problem+json"
    assert answer["X-Essai"] == "1"
    assert json.loads(answer.content) == {
        "type": "urn:hygie:problem:stale",
        "title": "L’objet a changé depuis votre lecture",
        "status": 412,
        "detail": "Relisez.",
    }


@pytest.mark.parametrize(
    ("error", "status", "kind"),
    [
        (Http404(), 404, "not-found"),
        (HttpError(401, "x"), 401, "unauthenticated"),
        (HttpError(400, "x"), 400, "malformed"),
        (Throttled(None), 429, "too-many-requests"),
        (LifecycleError("impossible"), 409, "conflict"),
        (UsageError("non"), 422, "refused"),
        (InputError("illisible"), 422, "document-refused"),
        (TooLargeError("trop"), 413, "too-large"),
        (RequestDataTooBig(), 413, "too-large"),
        (SuspiciousOperation(), 400, "malformed"),
        (invalid("query.x", "code", "non"), 422, "invalid"),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else None,
)
def test_each_exception_is_its_problem(error: Exception, status: int, kind: str) -> None:
    answer = gate.on_error(REQUEST, error)

    assert answer.status_code == status
    assert json.loads(answer.content)["type"] == f"urn:hygie:problem:{kind}"


def test_a_fault_of_ours_is_logged_and_says_nothing_of_itself(
    caplog: pytest.LogCaptureFixture,
) -> None:
    answer = gate.on_error(REQUEST, ZeroDivisionError("secret"))

    assert answer.status_code == 500
    assert "secret" not in answer.content.decode()
    assert "secret" in caplog.text


def test_faults_are_said_one_by_one_in_french() -> None:
    error = as_problem(
        ValidationError(
            [
                {
                    "type": "less_than_equal",
                    "loc": ("query", "filters", "limit"),
                    "ctx": {"le": 200},
                },
                {"type": "of_a_later_version", "loc": ("body", "body", "steps", 0)},
            ]
        )
    )

    assert error.detail == "query.limit : 200 au plus"
    assert [fault["place"] for fault in error.errors] == ["query.limit", "body.steps.0"]
    assert error.errors[1]["message"] == "valeur refusée"


def test_a_thousand_faults_are_not_listed() -> None:
    error = as_problem(
        ValidationError([{"type": "missing", "loc": ("body", n)} for n in range(99)])
    )

    assert len(error.errors) == MAX_FAULTS


@pytest.mark.parametrize("path", ["", "v1/nowhere", "v1/findings/1/fly", "v2/me", "v1/me/"])
def test_what_is_not_there_is_a_problem_too(path: str, client: Client) -> None:
    answer = client.get(f"/api/{path}")

    assert answer.status_code == 404
    assert answer["Content-Type"] == "application/problem+json"


def test_another_method_says_which_are_allowed(
    world: World, caller: Callable[[str], Client]
) -> None:
    answer = caller("rssi").delete(f"/api/v1/findings/{world.findings['own.flaw'].pk}")

    assert (answer.status_code, answer["Allow"]) == (405, "GET")
    assert answer.json()["type"] == "urn:hygie:problem:method-not-allowed"


def test_head_is_get_without_a_body(caller: Callable[[str], Client]) -> None:
    client = caller("rssi")

    answer = client.head("/api/v1/me")

    assert (answer.status_code, answer.content) == (200, b"")
    assert answer["ETag"] == client.get("/api/v1/me")["ETag"]


def test_a_broken_operation_is_a_problem(
    caller: Callable[[str], Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    client = caller("rssi")
    client.raise_request_exception = False
    monkeypatch.setattr("hygie.api.me.grants_in_force", lambda *_, **__: 1 / 0)

    answer = client.get("/api/v1/me")

    assert answer.status_code == 500
    assert answer.json()["type"] == "urn:hygie:problem:internal"


def test_more_parameters_than_django_reads_are_malformed(caller: Callable[[str], Client]) -> None:
    answer = caller("rssi").get("/api/v1/nodes?" + "&".join(f"a{n}=1" for n in range(600)))

    assert answer.status_code == 400


@pytest.mark.parametrize("text", ["%00", "a%00b"])
def test_nul_is_refused(text: str, caller: Callable[[str], Client]) -> None:
    assert caller("rssi").get(f"/api/v1/nodes?q={text}").status_code == 422


@pytest.mark.parametrize("number", ["0", "-1", str(2**63), "1e3", "9" * 40, "1.0", "%201", "²"])
def test_an_identifier_that_no_row_can_have_is_refused(
    number: str, caller: Callable[[str], Client]
) -> None:
    assert caller("rssi").get(f"/api/v1/nodes/{number}").status_code == 422


@pytest.mark.parametrize("day", ["2026-02-30", "hier", "20260101", "0", "2026-1-1"])
def test_a_day_that_is_not_on_the_calendar_is_refused(
    day: str, caller: Callable[[str], Client]
) -> None:
    answer = caller("rssi").get(f"/api/v1/nodes?as_of={day}")

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["code"] == "calendar_day"


@pytest.mark.parametrize("word", ["yes", "1", "TRUE", ""])
def test_a_flag_is_true_or_false(word: str, caller: Callable[[str], Client]) -> None:
    assert caller("rssi").get(f"/api/v1/findings?overdue={word}").status_code == 422


@pytest.mark.parametrize(
    ("body", "media", "status"),
    [
        (b"{", "application/json", 400),
        (b"[" * 60_000, "application/json", 400),
        (b"\xff", "application/json", 400),
        (b"[]", "application/json", 422),
        (b'{"on": 20270101}', "application/json", 422),
        (b'{"on": "2027-01-01", "by": 1}', "application/json", 422),
        (b'{"on": "2027-01-01"}', "text/plain", 415),
        (b"on=2027-01-01", "application/x-www-form-urlencoded", 415),
        (b"{}", "multipart/form-data; boundary=x", 415),
        (b" " * 70_000, "application/json", 413),
    ],
)
def test_a_body_that_is_not_what_it_should_is_refused(
    body: bytes, media: str, status: int, world: World, caller: Callable[[str], Client]
) -> None:
    url = f"/api/v1/findings/{world.findings['own.flaw'].pk}/plan"

    answer = caller("rssi").post(url, body, content_type=media, headers=new_key())

    assert answer.status_code == status
    assert answer["Content-Type"] == "application/problem+json"


def test_the_document_is_open_to_all(client: Client) -> None:
    answer = client.get("/api/v1/openapi.json")

    assert answer.status_code == 200
    assert answer.json()["info"]["title"] == api.title
