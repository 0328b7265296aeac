from __future__ import annotations

import io
import json
import logging
import logging.config
from collections.abc import Iterator

import pytest
from structlog.contextvars import bound_contextvars

from hygie.config.logs.wiring import TextFormatter, ecs_formatter, logging_settings

SECRET = "une-cle-que-personne-ne-voit"


@pytest.fixture
def lines() -> Iterator[tuple[logging.Logger, io.StringIO]]:
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(ecs_formatter([SECRET]))
    logger = logging.Logger("hygie.essai")  # noqa: LOG001 - not of the process's tree
    logger.addHandler(handler)
    yield logger, stream
    handler.close()


def test_a_line_is_one_json_object_with_the_request_and_without_secrets(
    lines: tuple[logging.Logger, io.StringIO],
) -> None:
    logger, stream = lines

    with bound_contextvars(request_id="r-12345678"):
        logger.warning("panne avec %s", SECRET, extra={"password": "azerty", "runner": 3})

    [line] = stream.getvalue().splitlines()
    document = json.loads(line)
    assert document["http.request.id"] == "r-12345678"
    assert document["hygie.runner"] == 3
    assert SECRET not in line
    assert "azerty" not in line


def test_a_stack_stays_on_its_line_and_is_masked(
    lines: tuple[logging.Logger, io.StringIO],
) -> None:
    logger, stream = lines

    try:
        raise RuntimeError(f"postgresql://hygie:azerty123@db/{SECRET}")  # noqa: TRY301 - a stack to show
    except RuntimeError:
        logger.exception("panne")

    [line] = stream.getvalue().splitlines()
    assert "RuntimeError" in json.loads(line)["error.stack_trace"]
    assert SECRET not in line
    assert "azerty123" not in line


def test_text_is_masked_too() -> None:
    record = logging.LogRecord("hygie", logging.ERROR, "", 0, f"voici {SECRET}", None, None)

    assert SECRET not in TextFormatter([SECRET]).format(record)


def test_the_settings_are_understood_by_the_standard_library() -> None:
    text = logging_settings(form="text", level="WARNING", syslog_url="", secrets=[SECRET])
    full = logging_settings(
        form="json", level="INFO", syslog_url="syslog+tls://siem.example.org", secrets=[]
    )

    for settings in (text, full):
        made = logging.config.DictConfigurator(settings)
        for name, about in settings["formatters"].items():
            assert made.configure_formatter(dict(about)), name
    assert full["root"]["handlers"] == ["console", "siem"]
    assert text["loggers"]["django"]["level"] == "ERROR"
