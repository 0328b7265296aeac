import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hygie.engines.corpus.formats.certfr_forms import SEVERAL_FIXES_NOTE
from hygie.engines.corpus.formats.certfr_sentence import (
    IN_PLACE_NOTE,
    NO_VERSION_NOTE,
    read_sentence,
)
from hygie.engines.corpus.records import EVERY_VERSION, Span


@pytest.mark.parametrize(
    ("text", "product", "spans"),
    [
        (
            "FortiOS versions 6.0.x antérieures à 6.0.17",
            "FortiOS",
            (Span(start="6.0", end="6.0.17"),),
        ),
        (
            "QRadar WinCollect Agent 10.x antérieures à 10.1.2",
            "QRadar WinCollect Agent",
            (Span(start="10", end="10.1.2"),),
        ),
        ("FortiWeb 7.0.x toutes versions", "FortiWeb", (Span(start="7.0", end="7.1"),)),
        ("FortiSandbox toutes versions 4.0.x", "FortiSandbox", (Span(start="4.0", end="4.1"),)),
        ("Produits Legacy ION toutes versions", "Produits Legacy ION", (EVERY_VERSION,)),
        (
            "Windows 10 Version 1607 pour systèmes x64 versions antérieures à 10.0.14393.6796",
            "Windows 10 1607",
            (Span(end="10.0.14393.6796"),),
        ),
        ("Thunderbird 115.5", "Thunderbird", (Span(exact="115.5", any_update=True),)),
        (
            "FortiManager versions 7.6.x antérieures à 7.6.6 (à venir)",
            "FortiManager",
            (Span(start="7.6", end="7.6.6"),),
        ),
        (
            "QTS versions 5.0.1.x antérieures à 5.0.1.2234 build 20221201",
            "QTS",
            (Span(start="5.0.1", end="5.0.1.2234 build 20221201"),),
        ),
        (
            "QuTS hero versions h5.1.x antérieures à h5.1.8.2823",
            "QuTS hero",
            (Span(start="h5.1", end="h5.1.8.2823"),),
        ),
    ],
)
def test_a_line_is_a_product_and_its_versions(
    text: str, product: str, spans: tuple[Span, ...]
) -> None:
    sentence = read_sentence(text)
    assert (sentence.product, sentence.spans) == (product, spans)


@pytest.mark.parametrize(
    ("text", "vendor", "span"),
    [
        (
            "tenable.sc sans le dernier correctif de sécurité",
            "",
            Span(note="sans le dernier correctif de sécurité"),
        ),
        (
            "IBM AIX versions 7.3.x sans le correctif KB1",
            "",
            Span(start="7.3", end="7.4", note="sans le correctif KB1"),
        ),
        (
            "SUSE Linux Enterprise Server 15 SP5",
            "SUSE",
            Span(exact="15 SP5", any_update=True, note=IN_PLACE_NOTE),
        ),
        (
            "Red Hat Enterprise Linux for x86_64 8 x86_64",
            "Red Hat",
            Span(exact="8", any_update=True, note=IN_PLACE_NOTE),
        ),
        ("Windows Server 2012 (Server Core installation)", "Microsoft", Span(note=IN_PLACE_NOTE)),
        ("Cisco Prime Access Registrar", "Cisco", Span(note=NO_VERSION_NOTE)),
        (
            "PAN-OS versions 11.2.x antérieures à 11.2.8 sur PA-7500",
            "",
            Span(start="11.2", end="11.2.8", note="sous condition : « sur PA-7500 »"),
        ),
        (
            "Db2 versions antérieures à 4.7 Refresh 3",
            "",
            Span(note="« versions antérieures à 4.7 Refresh 3 »"),
        ),
    ],
)
def test_what_does_not_decide_keeps_its_bounds_and_its_reason(
    text: str, vendor: str, span: Span
) -> None:
    assert read_sentence(text, vendor=vendor).spans == (span,)


def test_several_fixes_without_branches_decide_nothing() -> None:
    spans = read_sentence("Junos OS versions antérieures à 20.4R3-S9 et 21.2R3-S7").spans
    assert {span.note for span in spans} == {SEVERAL_FIXES_NOTE}


def test_a_line_may_speak_of_some_cves_only() -> None:
    sentence = read_sentence(
        "FortiOS 7.0 toutes versions pour les vulnérabilités CVE-2023-36640 et CVE-2023-45583"
    )
    assert sentence.cve_ids == {"CVE-2023-36640", "CVE-2023-45583"}
    sentence = read_sentence(
        "SIMATIC WinCC OA V3.17 toutes versions. L'éditeur indique que le produit ne bénéficiera "
        "pas de correctif de sécurité pour la vulnérabilité CVE-2024-0001"
    )
    assert (sentence.product, sentence.spans) == ("SIMATIC WinCC OA V3.17", (EVERY_VERSION,))
    assert sentence.cve_ids == {"CVE-2024-0001"}


def test_a_platform_becomes_attributes() -> None:
    sentence = read_sentence("Google Chrome versions antérieures à 146.0 pour Windows et Mac")
    assert sentence.spans == (Span(end="146.0"),)
    assert sentence.attributes == ("*:*:*:windows:*:*", "*:*:*:macos:*:*")


def test_a_line_that_sends_elsewhere_names_no_product() -> None:
    sentence = read_sentence("Se référer au bulletin de sécurité de l'éditeur")
    assert sentence.product == ""
    assert sentence.spans[0].note


@given(st.text(max_size=120), st.sampled_from(["", "SUSE", "Acme"]))
@settings(max_examples=300)
def test_any_text_gives_at_least_one_span(text: str, vendor: str) -> None:
    assert read_sentence(text, vendor=vendor).spans


@pytest.mark.parametrize(
    "unit", ["versions 1.1 ", "(", "pour ", "CVE-2024-1 et ", "a", "1.1 ", "sans "]
)
def test_no_line_takes_long(unit: str) -> None:
    before = time.perf_counter()
    read_sentence((unit * 2000)[:1999])
    read_sentence(unit * 100_000)
    assert time.perf_counter() - before < 3
