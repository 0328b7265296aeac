from __future__ import annotations

import pytest
from tests.domain.places import NOW

from hygie.domain.surveillance import seen_names
from hygie.domain.surveillance.models import NameSource
from hygie.domain.surveillance.seen_names import names_seen
from hygie.vocabulary.facts import NotObserved, Observation


def seen(probe: str, **value: object) -> Observation:
    return Observation("essai.example", probe, value, b"", NOW)  # type: ignore[arg-type]


def names(*outcomes: Observation | NotObserved) -> dict[NameSource, list[str]]:
    return {source: [one.name for one in found] for source, found in names_seen(outcomes).items()}


def test_certificates_servers_and_spf_bear_names() -> None:
    found = names(
        seen("tls", certificate={"names": ["*.essai.example", "vpn.essai.example"]}),
        seen("dns", name_servers=["ns.tiers.example"]),
        seen("mail", mx=["mx.tiers.example"],
             spf="v=spf1 include:_spf.tiers.example a:out.essai.example/24 exists:%{i}.x -all"),
    )  # fmt: skip

    assert found == {
        NameSource.TLS: ["essai.example", "vpn.essai.example"],
        NameSource.NS: ["ns.tiers.example"],
        NameSource.MX: ["mx.tiers.example"],
        NameSource.SPF: ["out.essai.example"],
    }


def test_silence_and_missing_values_bear_none() -> None:
    silent = NotObserved("a", "tls", "timeout", "", NOW)
    assert names(silent, seen("tls"), seen("mail", spf=None)) == {}


def test_names_of_one_round_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(seen_names, "MAX_NAMES", 1)
    assert names(seen("mail", mx=["a.example", "b.example"])) == {NameSource.MX: ["a.example"]}
