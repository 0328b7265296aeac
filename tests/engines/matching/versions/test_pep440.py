from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from packaging.version import InvalidVersion, Version

from hygie.engines.matching.versions.encoding import VersionError
from hygie.engines.matching.versions.pep440 import key

PIECES = (
    st.sampled_from(["", "", "v", "1!"]),
    st.lists(st.sampled_from(["0", "0", "1", "2", "10"]), min_size=1, max_size=4).map(".".join),
    st.sampled_from(["", "", "a1", "b", ".alpha2", "-preview", "c1", "rc10", "_RC2"]),
    st.sampled_from(["", "", ".post1", "-1", ".post", "r2", "-0", ".rev3"]),
    st.sampled_from(["", "", ".dev1", ".dev", "dev2", ".dev0"]),
    st.sampled_from(["", "", "+abc", "+1", "+a.1", "+1.a", "+abc-2_b"]),
)
VERSIONS = st.tuples(*PIECES).map("".join)


@settings(max_examples=500)
@given(VERSIONS, VERSIONS)
def test_keys_sort_as_packaging_does(left: str, right: str) -> None:
    ours = (key(left) > key(right)) - (key(left) < key(right))
    theirs = (Version(left) > Version(right)) - (Version(left) < Version(right))

    assert ours == theirs


@settings(max_examples=300)
@given(st.text("0123456789.abcdevrpost!+-_ ", max_size=15))
def test_what_packaging_refuses_is_refused(text: str) -> None:
    try:
        Version(text)
    except InvalidVersion:
        with pytest.raises(VersionError):
            key(text)
    else:
        assert key(text.strip())
