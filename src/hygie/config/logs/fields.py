"""Name fields as the Elastic Common Schema does, so that a SIEM needs no mapping.

Source: https://www.elastic.co/guide/en/ecs/8.11/ecs-field-reference.html
"""

from __future__ import annotations

import datetime as dt
import os
import socket
import traceback
from typing import TYPE_CHECKING, Any, Final

from hygie import __version__

if TYPE_CHECKING:
    import logging
    from collections.abc import MutableMapping

ECS_VERSION: Final = "8.11.0"
TEXT_MAX: Final = 20_000
"""Longest field; a stack of a deep recursion is cut in its middle."""

_OURS: Final = {
    "request_id": "http.request.id",
    "method": "http.request.method",
    "path": "url.path",
    "status": "http.response.status_code",
    "duration_ns": "event.duration",
    "user_id": "user.id",
    "address": "client.ip",
    "view": "hygie.view",
}
_KEPT: Final = frozenset({"_record", "_from_structlog"})
_STANDARD: Final = frozenset(
    (
        *("name", "msg", "args", "levelname", "levelno", "pathname", "filename", "module"),
        *("exc_info", "exc_text", "stack_info", "lineno", "funcName", "created", "msecs"),
        *("relativeCreated", "thread", "threadName", "processName", "process", "taskName"),
        *("message", "asctime"),
    )
)


def to_ecs(_logger: object, _method: str, event: MutableMapping[str, Any]) -> dict[str, Any]:
    """Return the event with the names of ECS; what it has no name for goes under ``hygie.``."""
    record: logging.LogRecord = event["_record"]
    fields: dict[str, Any] = {
        "@timestamp": _moment(record.created),
        "log.level": record.levelname.lower(),
        "message": _cut(str(event.get("event", ""))),
        "ecs.version": ECS_VERSION,
        "log.logger": record.name,
        "service.name": "hygie",
        "service.version": __version__,
        "host.hostname": socket.gethostname(),
        "process.pid": os.getpid(),
    }
    for name, value in event.items():
        if name in _OURS:
            fields[_OURS[name]] = value
        elif name not in _KEPT and name not in ("event", "exc_info", "stack_info"):
            fields[f"hygie.{name}"] = _plain(value)
    return fields | _error(event.get("exc_info"))


def extras(_logger: object, _method: str, event: MutableMapping[str, Any]) -> Any:  # noqa: ANN401 - structlog's own type
    """Add what ``extra=`` gave to a line of the standard library."""
    record = event["_record"]
    for name, value in vars(record).items():
        # Django hangs the request and its server on its lines: they are no fields.
        if name not in _STANDARD and name not in ("request", "server", "status_code"):
            event.setdefault(name, value)
    if "status_code" in vars(record):
        event.setdefault("status", record.status_code)
    return event


def _error(exc_info: object) -> dict[str, str]:
    error = exc_info[1] if isinstance(exc_info, tuple) else exc_info
    if not isinstance(error, BaseException):
        return {}
    stack = "".join(traceback.format_exception(error))
    return {
        "error.type": type(error).__name__,
        "error.message": _cut(str(error)),
        "error.stack_trace": _cut(stack),
    }


def _moment(seconds: float) -> str:
    moment = dt.datetime.fromtimestamp(seconds, dt.UTC)
    return moment.isoformat(timespec="microseconds").replace("+00:00", "Z")


def _plain(value: Any) -> Any:  # noqa: ANN401 - anything that was logged
    if value is None or isinstance(value, bool | int | float | dict | list):
        return value
    return _cut(str(value))


def _cut(text: str) -> str:
    if len(text) <= TEXT_MAX:
        return text
    half = TEXT_MAX // 2
    return f"{text[:half]}\n…\n{text[-half:]}"
