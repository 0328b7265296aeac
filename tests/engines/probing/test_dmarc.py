from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hygie.engines.probing.dmarc import DmarcRecord, is_dmarc, parse_dmarc


@pytest.mark.parametrize(
    ("text", "record"),
    [
        ("v=DMARC1; p=reject", DmarcRecord("reject", "reject", has_reports=False)),
        ("v=DMARC1;p=none;sp=Quarantine", DmarcRecord("none", "quarantine", has_reports=False)),
        ("v=DMARC1; p=none; rua=mailto:a@b.example", DmarcRecord("none", "none", has_reports=True)),
        ("v=DMARC1; rua=mailto:a@b.example", DmarcRecord("none", "none", has_reports=True)),
        ("v=DMARC1; p=monitor", DmarcRecord(None, None, has_reports=False)),
    ],
)
def test_the_policy_is_read(text: str, record: DmarcRecord) -> None:
    assert parse_dmarc(text) == record


def test_only_the_exact_version_first_is_dmarc() -> None:
    assert is_dmarc("v=DMARC1; p=none")
    assert is_dmarc("v = DMARC1;p=none")
    assert not is_dmarc("v=dmarc1; p=none")
    assert not is_dmarc("p=none; v=DMARC1")


@given(text=st.text(max_size=80))
@settings(max_examples=80, deadline=None)
def test_any_text_is_read(text: str) -> None:
    assert parse_dmarc(f"v=DMARC1; {text}").policy in (None, "none", "quarantine", "reject")
