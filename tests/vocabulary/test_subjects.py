from __future__ import annotations

import pytest

from hygie.vocabulary.subjects import host_of


@pytest.mark.parametrize(
    ("subject", "host"),
    [
        ("a.example:443", "a.example"),
        ("a.example", "a.example"),
        ("2001:db8::1", "2001:db8::1"),
        ("[2001:db8::1]:443", "2001:db8::1"),
    ],
)
def test_a_subject_names_its_host(subject: str, host: str) -> None:
    assert host_of(subject) == host
