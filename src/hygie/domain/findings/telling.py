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
    """Return the language of who reads, among those of the policies."""
    return "en" if (get_language() or "").startswith("en") else "fr"


def rule_of(rule_id: str) -> Rule | None:
    """Return a rule of the policy in force, None when it has no such rule."""
    return exposure_policy(on=timezone.localdate()).rule(rule_id) if rule_id else None


def title_of(finding: Finding) -> str:
    """Return the finding in a few words, in the reader's language."""
    rule = rule_of(finding.rule_id)
    return rule.title.in_language(language()) if rule else finding.title


def sentences(finding: Finding, reasons: Iterable[Mapping[str, object]]) -> list[str]:
    """Return stored reasons as sentences of the policy that decided."""
    policy, spoken = policy_of(finding), language()
    return [
        render_reason(
            Reason(str(item["code"]), cast("Mapping[str, str | float]", item.get("params", {}))),
            spoken,
            policy=policy,
        )
        for item in reasons
    ]


def policy_of(finding: Finding) -> DecisionPolicy:
    """Return the policy that decided: the one in force when that version is no longer carried.

    A finding keeps its identifier and version, such as ``hygie.decision 1.0``; nothing before
    its first decision.
    """
    if finding.policy_version:
        try:
            return decision_policy_version(finding.policy_version.rsplit(maxsplit=1)[-1])
        except ReferentialError:
            return decision_policy(on=timezone.localdate())
    return decision_policy(on=timezone.localdate())
