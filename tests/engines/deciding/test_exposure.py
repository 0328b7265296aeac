from __future__ import annotations

import datetime as dt
import re

import pytest
from tests.engines.deciding.observations import NOW, POLICY

from hygie.engines.deciding.exposure import (
    LETTERS,
    Rule,
    exposure_policy,
    exposure_policy_version,
    read_exposure_policy,
)
from hygie.engines.deciding.judging import judge
from hygie.engines.probing.passes import ALL_PROBES
from hygie.referentials.reading import Document, load_folder
from hygie.referentials.section import ReferentialError, Section

EVERY_RULE = [pytest.param(rule, id=rule.id) for rule in POLICY.rules]


@pytest.mark.parametrize("rule", EVERY_RULE)
def test_a_rule_finds_its_weak_examples_and_not_its_sound_ones(rule: Rule) -> None:
    assert [judge(rule, value, now=NOW) for value in rule.weak_examples] == [True] * len(
        rule.weak_examples
    )
    assert True not in [judge(rule, value, now=NOW) for value in rule.sound_examples]


@pytest.mark.parametrize("rule", EVERY_RULE)
def test_nothing_observed_passes_no_rule(rule: Rule) -> None:
    assert judge(rule, {}, now=NOW) is None


@pytest.mark.parametrize("rule", EVERY_RULE)
def test_a_rule_speaks_both_languages_as_they_are_written(rule: Rule) -> None:
    for words in (rule.title, rule.why, *rule.steps):
        assert not re.search(r"'| [:;?!»](?:\s|$)|« ", words.fr), words.fr
        assert "'" not in words.en
        assert words.fr != words.en
    assert rule.why.fr.endswith(".")
    assert not rule.title.fr.endswith(".")


@pytest.mark.parametrize("rule", EVERY_RULE)
def test_a_rule_says_where_it_comes_from_and_how_sure_we_are(rule: Rule) -> None:
    assert rule.reference.title
    assert rule.confirmed is (rule.reference.confidence.value != "C")


def test_the_contract_of_the_probes_is_covered() -> None:
    assert {rule.probe for rule in POLICY.rules} == set(ALL_PROBES)
    assert {theme.id for theme in POLICY.themes} == {rule.theme for rule in POLICY.rules}
    assert POLICY.probes()["medical.dicom-open"] == "dicom"


def test_thresholds_run_from_a_to_f() -> None:
    assert list(POLICY.thresholds) == list(LETTERS)
    assert POLICY.thresholds[LETTERS[-1]] == 0


def test_an_old_version_can_be_had_again() -> None:
    assert exposure_policy_version("1.0") is exposure_policy(on=dt.date(2026, 2, 1))
    assert exposure_policy_version(POLICY.version) is POLICY
    assert POLICY.rule("no.such-rule") is None
    with pytest.raises(ReferentialError, match=r"0\.1"):
        exposure_policy_version("0.1")


def packaged(**changes: object) -> Document:
    """Return the packaged policy with parts of its body replaced."""
    [document] = [
        known
        for known in load_folder("policies")
        if known.version == "1.0" and known.id == "hygie.exposure"
    ]
    body = Section({**document.content.content, **changes}, document.content.source)
    return Document(
        document.id,
        document.version,
        document.valid_from,
        document.valid_to,
        document.title,
        document.authored,
        document.source,
        body,
    )


def first_rule(**changes: object) -> dict[str, object]:
    [document] = [
        known
        for known in load_folder("policies")
        if known.version == "1.0" and known.id == "hygie.exposure"
    ]
    rule = document.content.sections("rules")[0].content
    return {key: value for key, value in {**rule, **changes}.items() if value is not None}


@pytest.mark.parametrize(
    ("rules", "place"),
    [
        pytest.param([first_rule(), first_rule()], "rules[1].id", id="the same rule twice"),
        pytest.param([first_rule(theme="moon")], "rules[0].theme", id="unknown theme"),
        pytest.param([first_rule(steps=None)], "rules[0].steps", id="nothing to do"),
        pytest.param([first_rule(examples=None)], "rules[0].examples", id="no example"),
        pytest.param([first_rule(title={"fr": "Oui"})], "rules[0].title.en", id="no English"),
        pytest.param(
            [first_rule(reference={"source": "rumour"})], "rules[0].reference.source", id="rumour"
        ),
        pytest.param([first_rule(weka={})], "rules[0].weka", id="misspelt key"),
    ],
)
def test_an_incomplete_rule_is_refused_with_its_place(
    rules: list[dict[str, object]], place: str
) -> None:
    with pytest.raises(ReferentialError) as caught:
        read_exposure_policy(packaged(rules=rules))

    assert f"exposure.yaml, {place}" in str(caught.value)


def test_a_scale_that_climbs_is_refused() -> None:
    scale = dict(packaged().content.section("scale").content)
    scale["thresholds"] = {"A": 10, "B": 20, "C": 30, "D": 40, "E": 50, "F": 0}

    with pytest.raises(ReferentialError, match="seuils"):
        read_exposure_policy(packaged(scale=scale))


def test_silence_is_worth_something_only_for_named_probes() -> None:
    scale = dict(packaged().content.section("scale").content)
    scale["unknown"] = {"cap": "B", "from_severity": "major", "probes": "tls", "reasons": []}

    with pytest.raises(ReferentialError, match=r"scale\.unknown\.probes"):
        read_exposure_policy(packaged(scale=scale))
