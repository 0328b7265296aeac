"""The grading policy: which observed facts are weaknesses, and how a grade is made of them.

Data: ``referentials/policies/exposure.yaml``. A rule never sees the network, only the values of
one observation; what each probe reports is fixed in the probe's module.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import TYPE_CHECKING, Final

from hygie.engines.deciding.conditions import Condition, parse_condition
from hygie.engines.deciding.exposure_layers import whole
from hygie.referentials.reading import as_of, load_folder, version_of
from hygie.referentials.section import Confidence, Section, Source, Words, source_from, words_from
from hygie.vocabulary.enums import Severity

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping

    from hygie.referentials.reading import Document
    from hygie.vocabulary.facts import Json

POLICY_ID: Final = "hygie.exposure"

_RULE_KEYS: Final = (
    *("id", "theme", "probe", "severity", "points", "place", "when", "weak", "unsure"),
    "often_unknown",
    *("title", "why", "steps", "reference", "examples"),
)


class Letter(StrEnum):
    """A grade, best first."""

    A = "A"
    B = "B"
    C = "C"
    D = "D"
    E = "E"
    F = "F"


LETTERS: Final = tuple(Letter)


@dataclass(frozen=True, slots=True)
class Theme:
    """A part of the exposure that gets its own letter.

    Attributes:
        id: ``dns``, ``mail``, ``tls``, ``web``, ``services``, ``medical``.
        title: name on the screen.
        weight: share of the theme's loss that the overall score bears, in percent.
    """

    id: str
    title: Words
    weight: int


@dataclass(frozen=True, slots=True)
class Cap:
    """``count`` weaknesses of one severity forbid any letter better than ``letter``."""

    severity: Severity
    count: int
    letter: Letter


@dataclass(frozen=True, slots=True)
class Rule:
    """One way in which an observed fact is a weakness.

    Attributes:
        id: stable; findings are recognised by it from round to round.
        theme: theme that loses points.
        probe: probe whose observations the rule reads.
        severity: how bad it is by itself.
        points: cost in its theme, from 0 to 100.
        place: path of the value that tells where, None when the subject says it all.
        when: condition under which the rule applies at all, None for always.
        weak: condition under which it is a weakness.
        unsure: condition under which "no weakness" may not be concluded, None for never.
        often_unknown: True when a mandate often leaves the fact out of reach: listed when
            missing, not held against the letter.
        title: the weakness in a few words.
        why: what it means for care.
        steps: what to do, in order.
        reference: the text it comes from.
        weak_examples: values that must be weak; sound_examples: values that must not.
    """

    id: str
    theme: str
    probe: str
    severity: Severity
    points: int
    place: str | None
    when: Condition | None
    weak: Condition
    unsure: Condition | None
    often_unknown: bool
    title: Words
    why: Words
    steps: tuple[Words, ...]
    reference: Source
    weak_examples: tuple[Mapping[str, Json], ...]
    sound_examples: tuple[Mapping[str, Json], ...]

    @property
    def confirmed(self) -> bool:
        """False when the screen must say « non confirmé » beside the reference."""
        return self.reference.confirmed


@dataclass(frozen=True, slots=True)
class ExposurePolicy:
    """The whole grading policy, one version.

    Attributes:
        id, version: identify it; a grade stores both and can be replayed.
        notice: sentence that says whose policy this is.
        themes: in the order of the screen.
        rules: in the order of the file.
        thresholds: lowest score of each letter, best first.
        repeat_share, repeat_most: each further place of one rule costs this share (percent) of
            its points, for at most that many places.
        theme_caps, overall_caps: letters that weaknesses forbid.
        unknown_cap, unknown_from: best letter while a question to one of ``unknown_probes``,
            or a rule of at least this severity, has no answer.
        unknown_probes: probes whose silence is not the usual look of a filtered port.
        unknown_reasons: reasons of NotObserved that leave a doubt.
    """

    id: str
    version: str
    notice: Words
    themes: tuple[Theme, ...]
    rules: tuple[Rule, ...]
    thresholds: Mapping[Letter, int]
    repeat_share: int
    repeat_most: int
    theme_caps: tuple[Cap, ...]
    overall_caps: tuple[Cap, ...]
    unknown_cap: Letter
    unknown_from: Severity
    unknown_probes: frozenset[str]
    unknown_reasons: frozenset[str]

    def rules_of(self, probe: str) -> tuple[Rule, ...]:
        """Return the rules that read one probe's observations."""
        return tuple(rule for rule in self.rules if rule.probe == probe)

    def rule(self, rule_id: str) -> Rule | None:
        """Return a rule by its id, None when this version has no such rule."""
        return next((rule for rule in self.rules if rule.id == rule_id), None)

    def probes(self) -> Mapping[str, str]:
        """Return rule id → probe, to know which observation can prove a finding closed."""
        return {rule.id: rule.probe for rule in self.rules}


def exposure_policy(*, on: dt.date) -> ExposurePolicy:
    """Return the packaged policy in force on a day."""
    return exposure_policy_version(as_of(load_folder("policies"), POLICY_ID, on=on).version)


@cache
def exposure_policy_version(version: str) -> ExposurePolicy:
    """Return one packaged version, to replay an old grade."""
    documents = load_folder("policies")
    return read_exposure_policy(whole(version_of(documents, POLICY_ID, version), documents))


def read_exposure_policy(document: Document) -> ExposurePolicy:
    """Return the policy a document states.

    Raises:
        ReferentialError: naming file and place, if the document is incomplete or incoherent.
    """
    body = document.content
    body.only("notice", "scale", "themes", "sources", "rules")
    themes = tuple(_theme(section) for section in body.sections("themes"))
    scale = body.section("scale")
    scale.only("thresholds", "repeats", "theme_caps", "overall_caps", "unknown")
    repeats, unknown = scale.section("repeats"), scale.section("unknown")
    return ExposurePolicy(
        id=document.id,
        version=document.version,
        notice=body.words("notice"),
        themes=themes,
        rules=_rules(body, frozenset(theme.id for theme in themes)),
        thresholds=_thresholds(scale.section("thresholds")),
        repeat_share=repeats.integer("share_percent", low=0, high=100),
        repeat_most=repeats.integer("at_most", low=0, high=100),
        theme_caps=tuple(_cap(section) for section in scale.sections("theme_caps")),
        overall_caps=tuple(_cap(section) for section in scale.sections("overall_caps")),
        unknown_cap=unknown.choice("cap", Letter),
        unknown_from=unknown.choice("from_severity", Severity),
        unknown_probes=_names(unknown, "probes"),
        unknown_reasons=_names(unknown, "reasons"),
    )


def _names(section: Section, key: str) -> frozenset[str]:
    section.only("cap", "from_severity", "probes", "reasons")
    names = section.json(key)
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        raise section.error(key, "liste de noms attendue")
    return frozenset(str(name) for name in names)


def _theme(section: Section) -> Theme:
    section.only("id", "title", "weight_percent")
    weight = section.integer("weight_percent", low=1, high=100)
    return Theme(section.text("id"), section.words("title"), weight)


def _cap(section: Section) -> Cap:
    section.only("severity", "count", "letter")
    count = section.integer("count", low=1, high=1000)
    return Cap(section.choice("severity", Severity), count, section.choice("letter", Letter))


def _thresholds(section: Section) -> Mapping[Letter, int]:
    found = {letter: section.integer(letter, low=0, high=100) for letter in LETTERS}
    if sorted(found.values(), reverse=True) != list(found.values()) or found[Letter.F] != 0:
        raise section.error("F", "les seuils doivent descendre de A à F, et F valoir 0")
    return found


def _rules(body: Section, themes: frozenset[str]) -> tuple[Rule, ...]:
    table = body.section("sources")
    sources = {name: source_from(table.section(name)) for name in table.content}
    rules: dict[str, Rule] = {}
    for section in body.sections("rules"):
        rule = _rule(section, sources)
        if rule.id in rules:
            raise section.error("id", f"règle « {rule.id} » écrite deux fois")
        if rule.theme not in themes:
            raise section.error("theme", f"thème « {rule.theme} » inconnu")
        rules[rule.id] = rule
    return tuple(rules.values())


def _rule(section: Section, sources: Mapping[str, Source]) -> Rule:
    section.only(*_RULE_KEYS)
    examples = section.section("examples")
    examples.only("weak", "sound")
    return Rule(
        id=section.text("id"),
        theme=section.text("theme"),
        probe=section.text("probe"),
        severity=section.choice("severity", Severity),
        points=section.integer("points", low=0, high=100),
        place=section.text("place") if section.has("place") else None,
        when=_optional(section, "when"),
        weak=parse_condition(section.section("weak")),
        unsure=_optional(section, "unsure"),
        often_unknown=section.has("often_unknown") and section.flag("often_unknown"),
        title=section.words("title"),
        why=section.words("why"),
        steps=tuple(words_from(step) for step in section.sections("steps")),
        reference=_reference(section.section("reference"), sources),
        weak_examples=_examples(examples, "weak"),
        sound_examples=_examples(examples, "sound"),
    )


def _optional(section: Section, key: str) -> Condition | None:
    return parse_condition(section.section(key)) if section.has(key) else None


def _examples(section: Section, key: str) -> tuple[Mapping[str, Json], ...]:
    found = section.sections(key)
    return tuple(
        {name: item.json(name) if item.has(name) else None for name in item.content}
        for item in found
    )


def _reference(section: Section, sources: Mapping[str, Source]) -> Source:
    section.only("source", "item", "confidence")
    base = sources.get(section.text("source"))
    if base is None:
        raise section.error("source", "source absente de la table « sources »")
    item = section.text("item") if section.has("item") else base.item
    given = section.has("confidence")
    confidence = section.choice("confidence", Confidence) if given else base.confidence
    return Source(base.title, base.url, confidence, item)
