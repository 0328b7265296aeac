"""Reasons are told by the policy that decided, in the reader's language."""

from __future__ import annotations

import pytest
from django.utils import translation

from hygie.domain.findings import telling
from hygie.domain.findings.models import Finding

REASONS = [{"code": "severity.major", "params": {}}]
RULE = "tls.old-version"


@pytest.mark.parametrize(("spoken", "found"), [("fr", "fr"), ("en", "en"), ("en-gb", "en")])
def test_the_language_is_the_readers(spoken: str, found: str) -> None:
    with translation.override(spoken):
        assert telling.language() == found


def test_a_rule_gives_its_title_and_another_finding_its_own() -> None:
    weak = Finding(rule_id=RULE, title="ancien titre")
    flaw = Finding(title="CVE-2099-0001 : passerelle inventée")

    with translation.override("fr"):
        french = telling.title_of(weak)
    with translation.override("en"):
        english = telling.title_of(weak)

    assert french not in (english, "ancien titre")
    assert telling.title_of(flaw) == flaw.title
    assert telling.rule_of("") is None
    assert telling.rule_of("no.such-rule") is None


def test_the_policy_in_force_speaks_for_one_no_longer_carried() -> None:
    gone = Finding(policy_version="hygie.decision 0.0.1")
    never = Finding(policy_version="")

    assert telling.policy_of(gone) == telling.policy_of(never)
    assert telling.sentences(gone, REASONS) == telling.sentences(never, REASONS)
    assert all(telling.sentences(gone, REASONS))
