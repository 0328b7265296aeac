"""Django's LOGGING: which lines go where, in which form."""

from __future__ import annotations

import logging
import sys
from typing import TYPE_CHECKING, Any

import structlog

from hygie.config.logs.fields import extras, to_ecs
from hygie.config.logs.redaction import SECRET_MIN, mask_text, redactor
from hygie.config.logs.syslog import SyslogTlsHandler

if TYPE_CHECKING:
    from collections.abc import Sequence


def logging_settings(
    *, form: str, level: str, syslog_url: str, secrets: Sequence[str]
) -> dict[str, Any]:
    """Return the dictionary of ``logging.config.dictConfig``.

    Args:
        form: ``json``, ECS lines on stdout, for services; ``text``, warnings on stderr, for
            people and commands, whose stdout is their result.
        level: lowest level told.
        syslog_url: see ``parse_collector``; empty for none. Always ECS.
        secrets: values of this process that no line may show.
    """
    handlers: dict[str, Any] = {"console": _console(form)}
    if syslog_url:
        handlers["siem"] = {"()": SyslogTlsHandler, "url": syslog_url, "formatter": "ecs"}
    quiet = "INFO" if form == "json" else "ERROR"
    told_by_root: dict[str, Any] = {"handlers": [], "propagate": True, "level": quiet}
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "ecs": {"()": ecs_formatter, "secrets": tuple(secrets)},
            "text": {"()": TextFormatter, "secrets": tuple(secrets)},
        },
        "handlers": handlers,
        "root": {"handlers": list(handlers), "level": level},
        "loggers": {
            "django": told_by_root,
            "django.server": told_by_root,
            # A statement may hold any value of any row.
            "django.db.backends": {"level": "WARNING"},
            "asyncio": {"level": "WARNING"},
        },
    }


def ecs_formatter(secrets: Sequence[str]) -> logging.Formatter:
    """Return what writes a line as one JSON object, without secrets."""
    context = structlog.contextvars.merge_contextvars
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=[context, extras],
        processors=[to_ecs, redactor(secrets), structlog.processors.JSONRenderer(default=str)],
    )


class TextFormatter(logging.Formatter):
    """One readable line, without secrets, its stack below."""

    def __init__(self, secrets: Sequence[str]) -> None:
        super().__init__("%(levelname)s %(name)s: %(message)s")
        self._secrets = sorted({one for one in secrets if len(one) >= SECRET_MIN}, key=len)

    def format(self, record: logging.LogRecord) -> str:
        """Return the line, masked."""
        return mask_text(super().format(record), self._secrets)


def _console(form: str) -> dict[str, Any]:
    if form == "json":
        return {"class": "logging.StreamHandler", "stream": sys.stdout, "formatter": "ecs"}
    return {"class": "logging.StreamHandler", "formatter": "text"}
