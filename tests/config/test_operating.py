from __future__ import annotations

import pytest

from hygie.config.operating import read_operating
from hygie.vocabulary.errors import UsageError


def test_nothing_said_is_quiet_and_closed() -> None:
    found = read_operating({})

    assert (found.log_form, found.log_level, found.syslog_url) == ("text", "WARNING", "")
    assert (found.metrics_token, found.metrics_allowed) == ("", ("127.0.0.1", "::1"))


def test_what_is_said_is_read() -> None:
    found = read_operating(
        {
            "HYGIE_LOG": "json",
            "HYGIE_SYSLOG_URL": "syslog+tls://siem.example.org",
            "HYGIE_METRICS_ALLOWED": "10.0.0.0/24, ::1",
            "HYGIE_METRICS_TOKEN": "x" * 30,
        }
    )

    assert (found.log_form, found.log_level) == ("json", "INFO")
    assert found.metrics_allowed == ("10.0.0.0/24", "::1")


@pytest.mark.parametrize(
    "variables",
    [
        {"HYGIE_LOG": "xml"},
        {"HYGIE_LOG_LEVEL": "loud"},
        {"HYGIE_SYSLOG_URL": "syslog://siem"},
        {"HYGIE_METRICS_ALLOWED": "partout"},
        {"HYGIE_METRICS_TOKEN": "court"},
        {"HYGIE_PROBES_PER_SECOND": "0"},
        {"HYGIE_REGION_DELAY_HOURS": "trois jours"},
    ],
)
def test_what_is_not_understood_is_refused_by_name(variables: dict[str, str]) -> None:
    [name] = variables

    with pytest.raises(UsageError, match=name):
        read_operating(variables)
