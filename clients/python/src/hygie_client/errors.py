"""What the service refuses: one tree, read from problem documents (RFC 9457)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import httpx

_TOO_MANY = 429


class ApiError(Exception):
    """The service refused a call.

    Attributes:
        status: HTTP status.
        type: stable identifier to compare, such as ``urn:hygie:problem:not-found``.
        title: what went wrong, in the service's language.
        detail: what to do about it; may be empty.
        errors: faults one by one, each with ``place``, ``code`` and ``message``.
    """

    def __init__(self, status: int, problem: dict[str, Any]) -> None:
        self.status = status
        self.type: str = problem.get("type", "about:blank")
        self.title: str = problem.get("title", "")
        self.detail: str = problem.get("detail", "")
        self.errors: list[dict[str, str]] = problem.get("errors", [])
        super().__init__(f"{status} {self.title} {self.detail}".strip())


class NotFoundError(ApiError):
    """There is no such object, or not for you: the service does not say which."""


class ConflictError(ApiError):
    """The object is in a state that refuses this, or the same key is in use."""


class StaleError(ApiError):
    """The object changed since the ETag given in ``if_match``."""


class TooManyRequestsError(ApiError):
    """More calls in this minute than allowed; ``retry_after_s`` until the next one."""

    retry_after_s: int = 60


_BY_STATUS: dict[int, type[ApiError]] = {
    404: NotFoundError,
    409: ConflictError,
    412: StaleError,
    _TOO_MANY: TooManyRequestsError,
}


def error_of(response: httpx.Response) -> ApiError:
    """Return the error that an answer is, problem document or not."""
    try:
        problem = response.json()
    except ValueError:
        problem = {}
    if not isinstance(problem, dict):
        problem = {}
    error = _BY_STATUS.get(response.status_code, ApiError)(response.status_code, problem)
    if isinstance(error, TooManyRequestsError):
        error.retry_after_s = wait_of(response)
    return error


def wait_of(response: httpx.Response) -> int:
    """Return how many seconds the service asks to wait, a minute when it does not say."""
    asked = response.headers.get("Retry-After", "")
    return int(asked) if asked.isascii() and asked.isdigit() else 60
