"""The examples that each scheme's own specification gives."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import pytest

from hygie.engines.matching.versions.alpine import key as alpine_key
from hygie.engines.matching.versions.composer import key as composer_key
from hygie.engines.matching.versions.encoding import NUMBER, VersionError, number, sequence
from hygie.engines.matching.versions.gem import key as gem_key
from hygie.engines.matching.versions.generic import key as generic_key
from hygie.engines.matching.versions.maven import key as maven_key
from hygie.engines.matching.versions.rpm import key as rpm_key
from hygie.engines.matching.versions.semver import key as semver_key
from hygie.engines.matching.versions.semver import nuget_key

if TYPE_CHECKING:
    from collections.abc import Callable


@pytest.mark.parametrize(
    ("key", "versions"),
    [
        pytest.param(
            semver_key,
            "1.0.0-alpha 1.0.0-alpha.1 1.0.0-alpha.beta 1.0.0-beta 1.0.0-beta.2 1.0.0-beta.11 "
            "1.0.0-rc.1 1.0.0 1.0.1 1.1.0-0 1.1.0",
            id="semver",
        ),
        pytest.param(nuget_key, "1.0.0-Alpha 1.0.0-beta 1.0.0 1.0.0.1", id="nuget"),
        pytest.param(
            maven_key,
            "1-alpha 1-alpha-2 1-beta 1-milestone 1-m2 1-rc 1-SNAPSHOT 1 1-sp 1-abc 1-1 1.0.1 1.1",
            id="maven",
        ),
        pytest.param(
            maven_key,
            "1.0.0.0-rc.1 1 1-sp.0 1-x 1-x2 1.x.1 1-1 1.0.1-alpha 1.0.1 1.0.1-1.foo 2 2.0.1",
            id="maven levels",
        ),
        pytest.param(maven_key, "1.0.alpha 1.0 1.0.0-sp1 1-foo2 1-foo10 1-1 1.1", id="maven words"),
        pytest.param(
            rpm_key, "1.0~rc1 1.0~rc1-1 1.0 1.0-1 1.0-2.el9 1.0^git1 1.0.1 1.1 1:0.5", id="rpm"
        ),
        pytest.param(rpm_key, "9.2 9.2-~a 9.2-. 9.2-1", id="rpm: no release before any"),
        pytest.param(rpm_key, "1.a 1.0 1.0a 1.0.1", id="rpm letters before numbers"),
        pytest.param(gem_key, "1.0.a 1.0.b1 1.0.b2 1.0 1.0.0.1 1.1.a 1.1", id="gem"),
        pytest.param(
            alpine_key, "1.0_alpha 1.0_rc1 1.0_rc2 1.0 1.0-r1 1.0_git2 1.0_p1 1.0b 1.1", id="apk"
        ),
        pytest.param(
            composer_key, "1.0-dev 1.0-alpha1 1.0-beta2 1.0-RC1 1.0 1.0-p1 1.0.1", id="composer"
        ),
    ],
)
def test_versions_sort_as_their_scheme_says(key: Callable[[str], bytes], versions: str) -> None:
    keys = [key(version) for version in versions.split()]

    assert [low < high for low, high in pairwise(keys)] == [True] * (len(keys) - 1)


@pytest.mark.parametrize(
    ("key", "same"),
    [
        (maven_key, "1 1.0 1-ga 1.0.0 1-final 1.0-release"),
        (maven_key, "1-rc 1-cr"),
        (maven_key, "1-a1 1-alpha1"),
        (maven_key, "1.0.0-foo.0.0 1-foo 1.foo"),
        (maven_key, "1.0.0-0.0.0 1 1. 1-"),
        (semver_key, "1.2.0 v1.2.0 1.2 1.2.0+build5"),
        (gem_key, "1 1.0 1.0.0"),
        (gem_key, "1.0.a 1.a"),
        (rpm_key, "1.0 0:1.0 1..0"),
        (alpine_key, "1.0 1.0-r0"),
        (composer_key, "1.0 v1.0.0 1.0-stable"),
    ],
)
def test_other_spellings_are_the_same_version(key: Callable[[str], bytes], same: str) -> None:
    assert len({key(version) for version in same.split()}) == 1


@pytest.mark.parametrize(
    ("key", "text"),
    [
        (maven_key, "${project.version}"),
        (maven_key, "…"),
        (semver_key, "latest"),
        (semver_key, "1.2.x"),
        (nuget_key, "1.0.0.0.0"),
        (gem_key, "a.b"),
        (rpm_key, "1-2-3"),
        (rpm_key, "~"),
        (alpine_key, "1.0_omega"),
        (composer_key, "dev-main"),
        (generic_key, "stable"),
    ],
)
def test_what_a_scheme_cannot_read_is_refused(key: Callable[[str], bytes], text: str) -> None:
    with pytest.raises(VersionError):
        key(text)


def test_zeros_alone_are_worth_nothing() -> None:
    one = (NUMBER, number("1"))
    zero = (NUMBER, number("0"))

    assert sequence([one]) == sequence([one, zero, zero])
    assert sequence([one, zero, one]) < sequence([one, one])


def test_a_digit_that_is_no_number_is_a_word() -> None:
    """Found by fuzzing: « ² » is a digit, and no number."""
    assert maven_key("1") < maven_key("1.².3") < maven_key("1.2")
    assert maven_key("10.2²0-h1") != maven_key("10.20-h1")
