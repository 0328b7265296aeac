from __future__ import annotations

import pytest

from hygie.jobs.checks.check import Status
from hygie.jobs.checks.configuration import (
    check_debug,
    check_hosts,
    check_https,
    check_secret,
)

LOOPBACK = ["127.0.0.1", "localhost"]
NAMED = ["hygie.example.org", "127.0.0.1"]


def test_debug_is_a_failure_and_a_demonstration_a_warning() -> None:
    assert check_debug(debug=True, demo=False).status is Status.BROKEN
    assert check_debug(debug=False, demo=True).status is Status.WARNING
    assert check_debug(debug=False, demo=False).status is Status.GOOD


@pytest.mark.parametrize("secret", ["", "court", "a" * 60])
def test_a_weak_secret_is_refused_and_never_shown(secret: str) -> None:
    found = check_secret(secret)

    assert found.status is Status.BROKEN
    assert not secret or secret not in found.detail + found.remedy


def test_a_long_varied_secret_is_good() -> None:
    assert check_secret("Gq7-pXw2_Lr9tZk4Nv8sBy3Hc6Jd1Fm5Qa0Ue_Wi-Po").status is Status.GOOD


@pytest.mark.parametrize(
    ("hosts", "status"),
    [(["*"], Status.BROKEN), (LOOPBACK, Status.WARNING), (NAMED, Status.GOOD)],
)
def test_the_names_of_the_site(hosts: list[str], status: Status) -> None:
    assert check_hosts(hosts).status is status


@pytest.mark.parametrize(
    ("https", "hosts", "status"),
    [
        (True, NAMED, Status.GOOD),
        (False, LOOPBACK, Status.WARNING),
        (False, NAMED, Status.BROKEN),
    ],
)
def test_cookies_in_clear_are_a_failure_on_a_site_with_a_name(
    https: bool,  # noqa: FBT001 - a parameter of the table
    hosts: list[str],
    status: Status,
) -> None:
    assert check_https(https=https, hosts=hosts).status is status
