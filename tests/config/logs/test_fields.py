from __future__ import annotations

import logging
import sys
from typing import Any

from hygie import __version__
from hygie.config.logs.fields import TEXT_MAX, extras, to_ecs


def record(message: str = "voici", **extra: object) -> logging.LogRecord:
    made = logging.LogRecord("hygie.essai", logging.WARNING, "f.py", 1, message, None, None)
    vars(made).update(extra)
    made.created = 1_780_315_200.25
    return made


def ecs(made: logging.LogRecord, **event: Any) -> dict[str, Any]:  # noqa: ANN401 - any field
    return to_ecs(None, "", extras(None, "", {"event": made.msg, "_record": made, **event}))


def test_a_line_has_the_names_that_a_siem_knows() -> None:
    line = ecs(record(), request_id="abc", user_id="12")

    assert line["@timestamp"] == "2026-06-01T12:00:00.250000Z"
    assert line["log.level"] == "warning"
    assert (line["message"], line["log.logger"]) == ("voici", "hygie.essai")
    assert (line["service.name"], line["service.version"]) == ("hygie", __version__)
    assert (line["http.request.id"], line["user.id"]) == ("abc", "12")


def test_what_ecs_has_no_name_for_is_ours() -> None:
    line = ecs(record(runner=4, request=object(), status_code=404))

    assert line["hygie.runner"] == 4
    assert line["http.response.status_code"] == 404
    assert not any("request" in name for name in line)


def test_an_error_has_its_type_and_its_stack_and_is_cut() -> None:
    try:
        raise ValueError("x" * 3 * TEXT_MAX)  # noqa: TRY301 - a stack to show
    except ValueError:
        line = ecs(record(), exc_info=sys.exc_info())

    assert line["error.type"] == "ValueError"
    assert "test_fields" in line["error.stack_trace"]
    assert len(line["error.message"]) < TEXT_MAX + 10
