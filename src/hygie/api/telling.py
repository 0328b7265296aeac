"""A finding and its reasons in sentences, from the policies that judged it."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from django.utils import timezone
from django.utils.translation import get_language

from hygie.engines.deciding.context import Reason
from hygie.engines.deciding.decision import decision_policy, decision_policy_version
from hygie.engines.deciding.exposure import exposure_policy
from hygie.engines.deciding.telling import render_reason
from hygie.referentials.section import ReferentialError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from hygie.domain.findings.models import Finding
    from hygie.engines.deciding.decision import DecisionPolicy
    from hygie.engines.deciding.exposure import Rule
    from hygie.referentials.section import Language


def language() -> Language:
    """Return the language of this call among those of the policies."""
    return "en" if (get_language() or "").startswith("en") else "fr"


def rule_of(finding: Finding) -> Rule | None:
    """Return the rule behind a finding in the policy in force, None for a known flaw."""
    return exposure_policy(on=timezone.localdate()).rule(finding.rule_id or "-")


def title_of(finding: Finding) -> str:
    """Return the finding in a few words."""
    rule = rule_of(finding)
    return rule.title.in_language(language()) if rule else finding.title


def sentences(finding: Finding, reasons: Iterable[Mapping[str, object]]) -> list[str]:
    """Return stored reasons as sentences of the policy that decided.

    The policy in force speaks when that version is no longer carried.
    """
    policy = _policy(finding.policy_version)
    return [
        render_reason(
            Reason(str(item["code"]), cast("Mapping[str, str | float]", item.get("params", {}))),
            language(),
            policy=policy,
        )
        for item in reasons
    ]


def _policy(name: str) -> DecisionPolicy:
    if name:
        try:
            return decision_policy_version(name.rsplit(maxsplit=1)[-1])
        except ReferentialError:
            return decision_policy(on=timezone.localdate())
    return decision_policy(on=timezone.localdate())
