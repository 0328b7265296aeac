from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hygie.engines.matching.versions import (
    SCHEMES,
    VERSION_MAX_CHARS,
    VersionError,
    after_builds,
    after_updates,
    version_key,
)

TEXT = st.text(st.characters(codec="utf-8"), max_size=40)
VERSION_LIKE = st.text("0123456789.-+~^_:abcprvxSP ", min_size=1, max_size=20)


@pytest.mark.parametrize("scheme", sorted(SCHEMES))
@settings(max_examples=60)
@given(TEXT | VERSION_LIKE)
def test_any_text_has_a_key_or_is_refused(scheme: str, text: str) -> None:
    for read in (version_key, after_builds, after_updates):
        try:
            key = read(text, scheme)
        except VersionError:
            continue
        assert key is None or isinstance(key, bytes)


@pytest.mark.parametrize("scheme", sorted(SCHEMES))
@settings(max_examples=30)
@given(st.lists(st.integers(0, 10**12), min_size=1, max_size=3), st.data())
def test_numbers_sort_as_numbers_in_every_scheme(
    scheme: str, numbers: list[int], data: st.DataObject
) -> None:
    greater = list(numbers)
    greater[data.draw(st.integers(0, len(numbers) - 1))] += data.draw(st.integers(1, 10**6))
    low, high = (".".join(map(str, parts)) for parts in (numbers, greater))

    assert version_key(low, scheme) < version_key(high, scheme)


@given(VERSION_LIKE)
def test_builds_and_updates_stand_just_above_their_version(version: str) -> None:
    try:
        key = version_key(version, "generic")
    except VersionError:
        return
    builds, updates = after_builds(version, "generic"), after_updates(version, "generic")

    assert builds is not None
    assert updates is not None
    assert key < builds < updates


def test_builds_and_updates_mean_nothing_to_published_schemes() -> None:
    assert after_builds("1.0", "deb") is None
    assert after_updates("1.0", "npm") is None


@pytest.mark.parametrize("text", ["", "   ", "1" * (VERSION_MAX_CHARS + 1)])
def test_empty_and_endless_texts_are_refused(text: str) -> None:
    with pytest.raises(VersionError):
        version_key(text, "generic")


def test_an_unknown_purl_type_is_read_as_generic() -> None:
    assert version_key("1.0 SP2", "cocoapods") == version_key("1.0 SP2", "generic")


def ascends(scheme: str, *versions: str) -> bool:
    keys = [version_key(version, scheme) for version in versions]
    return all(low < high for low, high in pairwise(keys))


@pytest.mark.parametrize(
    "versions",
    [
        ("12.1-55.296", "12.1-55.297", "12.1-55.300", "13.0"),
        ("7.0.5", "7.0.6-rc1", "7.0.6", "7.0.6 build 0366", "7.0.6 build 0400", "7.0.7"),
        ("10.2.0-rc1", "10.2.0", "10.2.0-h1", "10.2.0-h2", "10.2.0-h10", "10.2.1"),
        ("R2.2 SP5", "R2.3", "R2.3 SP4", "R2.3 SP10", "R2.4"),
        ("9.1R11.3", "9.1R11.4", "9.1R12", "9.2"),
        ("15.0(2)SE9", "15.0(2)SE10", "15.1(1)SE1"),
        ("0.9.8", "0.9.8a", "0.9.8zh", "1.0.0"),
        ("4.2.8", "4.2.8p9", "4.2.8p10", "4.2.9"),
        ("2019", "2019 CU1", "2019 CU12"),
    ],
    ids=lambda versions: versions[0],
)
def test_vendor_forms_sort_as_vendors_release_them(versions: tuple[str, ...]) -> None:
    assert ascends("generic", *versions)


@pytest.mark.parametrize(
    "same",
    [
        ("18-1", "18.1"),
        ("1.0", "1", "1.0.0", "v1.0", "Version 1.0"),
        ("7.0 SP4", "7 service pack 4", "7.0:sp4"),
        (r"15.0(2A)SE9", "15.0(2a)se9"),
        ("1.0.0-rc1", "1.0 RC1"),
    ],
    ids=lambda same: same[0],
)
def test_spellings_of_one_generic_version_are_one_key(same: tuple[str, ...]) -> None:
    assert len({version_key(version, "generic") for version in same}) == 1


@pytest.mark.parametrize("text", ["publication", "n/a", "sid", "da39a3ee5e6b4b0d", "…"])
def test_texts_without_version_are_refused(text: str) -> None:
    with pytest.raises(VersionError):
        version_key(text, "generic")
