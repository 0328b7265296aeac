from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import translation

from hygie.domain.findings.models import Finding
from hygie.domain.findings.telling import rule_of, title_of
from hygie.web.findings.presenting import explain

if TYPE_CHECKING:
    from tests.web.world import World


def test_a_weakness_is_explained_from_the_policy(world: World) -> None:
    told = explain(world.findings["own.late"])

    assert told.title == "Versions périmées de TLS acceptées (1.0 ou 1.1)"
    assert told.why
    assert told.steps
    assert told.reference is not None
    assert [(str(name), str(value)) for name, value in told.branch] == [
        ("Gravité", "majeure"),
        ("Exposition", "ouverte sur Internet"),
        ("Criticité pour les soins", "vitale"),
    ]


def test_a_known_vulnerability_says_the_version_that_repairs_or_whom_to_ask(world: World) -> None:
    finding = world.findings["own.flaw"]

    assert "passerelle 1.0 en version 1.2" in explain(finding).steps[0]
    finding.facts = {}
    assert "Demandez à l’éditeur" in explain(finding).steps[0]


def test_a_criterion_that_nobody_named_is_shown_as_it_is() -> None:
    finding = Finding(title="Essai", branch=[["weather", "rain"]])

    assert explain(finding).branch == (("weather", "rain"),)


def test_the_title_is_in_the_language_of_the_reader(world: World) -> None:
    finding = world.findings["own.late"]

    with translation.override("en"):
        assert "TLS" in title_of(finding)
        assert title_of(finding) != "Versions périmées de TLS acceptées (1.0 ou 1.1)"


def test_a_rule_that_is_gone_leaves_the_title_that_was_written() -> None:
    assert rule_of("") is None
    assert title_of(Finding(title="Écrit alors", rule_id="gone.rule")) == "Écrit alors"
