"""The frame of every answer: what Django says outside our operations becomes ours too."""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.core.signals import got_request_exception
from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from ninja.errors import HttpError, Throttled, ValidationError

from hygie.api.asking import challenge
from hygie.api.bodies import refuse_forms
from hygie.api.conditional import tagged
from hygie.api.faults import as_problem
from hygie.api.limits import announce
from hygie.api.problems import (
    BROKEN,
    CONFLICT,
    DOCUMENT,
    MALFORMED,
    METHOD,
    NOT_FOUND,
    REFUSED,
    TOO_LARGE,
    TOO_MANY,
    UNAUTHENTICATED,
    ProblemError,
    answer_with,
)
from hygie.domain.findings.lifecycle import LifecycleError
from hygie.vocabulary.errors import HygieError, InputError, TooLargeError

if TYPE_CHECKING:
    from django.http import HttpRequest


View: TypeAlias = Callable[..., HttpResponse]

_LOG: Final = logging.getLogger("hygie.api")
_METHOD_NOT_ALLOWED: Final = 405
_UNAUTHENTICATED: Final = 401


def gated(view: View) -> View:
    """Return ``view`` with its errors as problems, its entity tag and the caller's allowance."""

    @csrf_exempt  # sessions are checked by ``asking.Session``; tokens cannot be forged
    @wraps(view)
    def answer(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        method = request.method
        if method == "HEAD":
            # RFC 9110: HEAD is GET without its body, which the server leaves out.
            request.method = "GET"
        response = _answer(view, request, *args, **kwargs)
        request.method = method
        announce(request, response)
        response["Cache-Control"] = "private, no-cache"
        response["Vary"] = "Authorization, Cookie"
        return response

    return answer


def _answer(view: View, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
    try:
        refuse_forms(request)
        response = view(request, *args, **kwargs)
    except Exception as error:  # noqa: BLE001 - the last frame before Django's HTML pages
        response = on_error(request, error)
    if response.status_code == _METHOD_NOT_ALLOWED:
        response = answer_with(ProblemError(METHOD, headers={"Allow": response["Allow"]}))
    return tagged(request, response)


def not_found(request: HttpRequest) -> HttpResponse:
    """Answer for the addresses that the API does not have."""
    return on_error(request, Http404())


def on_error(request: HttpRequest, error: Any) -> HttpResponse:  # noqa: ANN401 - ninja's signature: an exception
    """Return the problem document of any exception; one that we did not expect is logged."""
    problem = error if isinstance(error, ProblemError) else _problem_of(error)
    if problem is None:
        _LOG.exception("api call failed", exc_info=error)
        got_request_exception.send(sender=None, request=request)
        problem = ProblemError(BROKEN, _("L’erreur est enregistrée ; réessayez plus tard."))
    return answer_with(problem)


def _problem_of(error: Exception) -> ProblemError | None:
    """Return the problem that an exception means to the caller, None for a fault of ours."""
    for kind, tell in _TELLERS:
        if isinstance(error, kind):
            return tell(error)
    return None


def _refusal(error: HygieError) -> ProblemError:
    if isinstance(error, LifecycleError):
        return ProblemError(CONFLICT, str(error))
    if isinstance(error, TooLargeError):
        return ProblemError(TOO_LARGE, str(error))
    return ProblemError(DOCUMENT if isinstance(error, InputError) else REFUSED, str(error))


def _of_status(error: HttpError) -> ProblemError:
    if isinstance(error.__cause__, ProblemError):
        return error.__cause__  # ninja calls whatever stops its parser malformed
    if error.status_code == _UNAUTHENTICATED:
        detail = _("Envoyez un jeton (Authorization: Bearer …) ou connectez-vous.")
        return ProblemError(UNAUTHENTICATED, detail, headers=challenge())
    return ProblemError(MALFORMED)


_TELLERS: Final[tuple[tuple[type[Exception], Callable[[Any], ProblemError]], ...]] = (
    (ValidationError, as_problem),
    (HygieError, _refusal),
    (Throttled, lambda _error: ProblemError(TOO_MANY, _("Attendez la minute suivante."))),
    (HttpError, _of_status),
    (Http404, lambda _error: ProblemError(NOT_FOUND)),
    (RequestDataTooBig, lambda _error: ProblemError(TOO_LARGE)),
    (SuspiciousOperation, lambda _error: ProblemError(MALFORMED)),
)
"""What each exception means to the caller; the narrower ones first."""
