from __future__ import annotations

import random
import shutil
import subprocess

import pytest

from hygie.engines.matching.versions.debian import key
from hygie.engines.matching.versions.encoding import VersionError


def test_the_order_of_the_manual_page() -> None:
    versions = ["~~", "~~a", "~", "", "a"]

    keys = [key(f"1.0{version}") for version in versions]

    assert keys == sorted(keys)


@pytest.mark.parametrize("text", ["1.0-", "-1", "1 0", "1.0_2", "a:1"])
def test_what_policy_forbids_is_refused(text: str) -> None:
    with pytest.raises(VersionError):
        key(text)


def pairs(count: int) -> list[tuple[str, str]]:
    chance = random.Random(7)  # noqa: S311 - the same pairs each time

    def version() -> str:
        tail = "".join(chance.choices("0011239.a~+-b", k=chance.randint(0, 6)))
        return chance.choice(["", "", "1:", "0:"]) + chance.choice("0129") + tail

    return [(version(), version()) for _ in range(count)]


def lower(left: str, right: str) -> bool:
    command = ["dpkg", "--compare-versions", left, "lt", right]
    done = subprocess.run(command, check=False, capture_output=True)
    return done.returncode == 0


def disagreements(count: int) -> list[tuple[str, str]]:
    if shutil.which("dpkg") is None:
        pytest.skip("dpkg is not on this machine")
    found = []
    for left, right in pairs(count):
        try:
            ours = key(left) < key(right)
        except VersionError:
            continue
        if ours != lower(left, right):
            found.append((left, right))
    return found


def test_keys_sort_as_dpkg_does() -> None:
    assert disagreements(150) == []


@pytest.mark.slow
def test_keys_sort_as_dpkg_does_on_many_pairs() -> None:
    assert disagreements(6000) == []
