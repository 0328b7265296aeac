from __future__ import annotations

import pytest
from tests.engines.corpus.records_of import all_of, any_of, cpe, line, matches
from tests.engines.matching.inventories import Bench, by_cpe

from hygie.engines.matching.kernel import FALSE, OPEN, TRUE
from hygie.engines.matching.verdicts import FOUND
from hygie.vocabulary.enums import VerdictStatus
from hygie.vocabulary.facts import Component, Verdict

AFFECTED = VerdictStatus.AFFECTED
UNKNOWN = VerdictStatus.UNKNOWN
NOT_AFFECTED = VerdictStatus.NOT_AFFECTED
EVERY = frozenset(VerdictStatus)


def ranged(**bounds: str) -> Bench:
    return Bench(line(configurations=[any_of(matches(cpe("box"), **bounds))]))


def only(verdicts: list[Verdict]) -> Verdict:
    [verdict] = verdicts
    return verdict


def test_a_version_inside_the_range_is_affected_and_says_which() -> None:
    bench = ranged(versionStartIncluding="12.1", versionEndExcluding="12.1-55.300")

    verdict = only(bench.verdicts(by_cpe("box", "12.1-55.297")))

    assert verdict.status is AFFECTED
    assert verdict.reason == "12.1 ≤ 12.1-55.297 < 12.1-55.300 (NVD)"
    assert verdict.range == "12.1 ≤ … < 12.1-55.300"
    assert verdict.fixed_in == "12.1-55.300"
    assert (verdict.product, verdict.source, verdict.confidence) == ("acme/box", "nvd", 1.0)


def test_a_version_outside_every_range_is_not_affected_and_says_which() -> None:
    bench = ranged(versionStartIncluding="1.0", versionEndExcluding="1.5")

    assert bench.verdicts(by_cpe("box", "1.5")) == []
    verdict = only(bench.verdicts(by_cpe("box", "1.5"), statuses=EVERY))
    assert verdict.status is NOT_AFFECTED
    assert verdict.reason == "1.5 hors de : 1.0 ≤ … < 1.5 (NVD)"


@pytest.mark.parametrize(
    ("bounds", "inside", "outside"),
    [
        ({"versionStartIncluding": "1"}, ["1", "1.0", "2"], ["0.9"]),
        ({"versionStartExcluding": "1"}, ["1.1"], ["1", "0.9"]),
        ({"versionEndIncluding": "2"}, ["2", "2.0", "2 build 5"], ["2.0.1", "2 SP1"]),
        ({"versionEndExcluding": "2"}, ["1.9", "2 rc1"], ["2", "2 build 5"]),
    ],
)
def test_bounds_are_open_or_closed_as_written(
    bounds: dict[str, str], inside: list[str], outside: list[str]
) -> None:
    bench = ranged(**bounds)

    for version in inside:
        assert bench.verdicts(by_cpe("box", version.replace(" ", "_"))), version
    for version in outside:
        assert not bench.verdicts(by_cpe("box", version.replace(" ", "_"))), version


def test_an_exact_name_covers_its_updates_unless_it_names_one() -> None:
    bench = Bench(
        line("CVE-2024-0001", configurations=[any_of(matches(cpe("box", "7.0")))]),
        line(
            "CVE-2024-0002",
            configurations=[any_of(matches(cpe("box", "7.0", rest="sp2:*:*:*:*:*:*")))],
        ),
    )

    found = bench.verdicts(by_cpe("box", "7.0", rest="sp3:*:*:*:*:*:*"))

    assert [verdict.cve_id for verdict in found] == ["CVE-2024-0001"]
    assert found[0].reason == "7.0 sp3 = 7.0 (NVD)"


def test_a_component_without_version_is_unknown_unless_every_version_is_touched() -> None:
    bench = Bench(
        line(
            "CVE-2024-0001", configurations=[any_of(matches(cpe("box"), versionEndExcluding="2"))]
        ),
        line("CVE-2024-0002", configurations=[any_of(matches(cpe("box")))]),
    )

    ranged_, every = bench.verdicts(by_cpe("box", "*"))

    assert ranged_.status is UNKNOWN
    assert ranged_.reason == "version absente de l’inventaire ; touché : … < 2 (NVD)"
    assert every.status is AFFECTED
    assert every.range == ""


def test_an_unreadable_version_is_unknown_never_safe() -> None:
    verdict = only(ranged(versionEndExcluding="2").verdicts(by_cpe("box", "latest")))

    assert verdict.status is UNKNOWN
    assert "« latest » illisible" in verdict.reason


def test_na_touches_software_without_version_only_but_hardware_whole() -> None:
    bench = Bench(
        line("CVE-2024-0001", configurations=[any_of(matches(cpe("box", "-")))]),
        line("CVE-2024-0002", configurations=[any_of(matches(cpe("box", "-", part="h")))]),
    )

    assert bench.verdicts(by_cpe("box", "1.0")) == []
    assert only(bench.verdicts(by_cpe("box", "-"))).status is AFFECTED
    assert only(bench.verdicts(by_cpe("box", "1.0", part="h"))).cve_id == "CVE-2024-0002"


def test_an_undecidable_statement_is_unknown_with_its_text() -> None:
    verdict = only(ranged(versionEndExcluding="publication").verdicts(by_cpe("box", "1.0")))

    assert verdict.status is UNKNOWN
    assert verdict.reason == "indécidable : borne « publication » illisible (NVD)"


FIRMWARE = line(
    configurations=[
        all_of(
            any_of(matches(cpe("firmware", "1.0", part="o"))),
            any_of(matches(cpe("device", "-", part="h"), vulnerable=False)),
        )
    ]
)


def test_a_condition_is_looked_up_in_the_same_inventory() -> None:
    bench = Bench(FIRMWARE)
    firmware, device = by_cpe("firmware", "1.0", part="o"), by_cpe("device", "-", part="h")

    alone = only(bench.verdicts(firmware))
    beside = only(bench.verdicts(firmware, device))
    apart = only(bench.verdicts(firmware, device, together=False))

    assert (alone.status, beside.status, apart.status) == (UNKNOWN, AFFECTED, UNKNOWN)
    assert alone.reason == "1.0 = 1.0 (NVD), seulement avec acme/device, absent de l’inventaire"


@pytest.mark.parametrize(
    ("rest", "status"),
    [
        ("*:*:*:*:*:x64:*", AFFECTED),
        ("*:*:*:*:*:*:*", AFFECTED),
        ("*:*:*:*:*:arm64:*", UNKNOWN),
    ],
)
def test_a_neighbour_of_another_platform_fulfils_no_condition(
    rest: str, status: VerdictStatus
) -> None:
    wanted = matches(cpe("device", "-", part="h", rest="*:*:*:*:*:x64:*"), vulnerable=False)
    firmware = any_of(matches(cpe("firmware", "1.0", part="o")))
    bench = Bench(line(configurations=[all_of(firmware, any_of(wanted))]))
    device = by_cpe("device", "-", part="h", rest=rest)

    assert only(bench.verdicts(by_cpe("firmware", "1.0", part="o"), device)).status is status


def test_what_the_neighbours_decide_is_told_apart() -> None:
    bench = Bench(
        FIRMWARE, line("CVE-2024-0002", configurations=[any_of(matches(cpe("firmware")))])
    )
    firmware, device = by_cpe("firmware", "1.0", part="o"), by_cpe("device", "-", part="h")

    beside, alone = bench.judge(firmware, device), bench.judge(firmware)

    assert [verdict.cve_id for verdict in beside.conditional(0)] == ["CVE-2024-0001"]
    assert beside.conditional(1) == alone.conditional(0) == []


def test_a_broken_condition_is_not_affected() -> None:
    bench = Bench(
        line(
            configurations=[
                all_of(
                    any_of(matches(cpe("box", "1.0"))),
                    any_of(matches(cpe("patch"), vulnerable=False), negate=True),
                )
            ]
        )
    )

    without = only(bench.verdicts(by_cpe("box", "1.0")))
    with_patch = only(bench.verdicts(by_cpe("box", "1.0"), by_cpe("patch", "3"), statuses=EVERY))

    assert without.status is UNKNOWN
    assert with_patch.status is NOT_AFFECTED
    assert "condition non remplie" in with_patch.reason
    assert FALSE < OPEN < TRUE


@pytest.mark.parametrize(
    ("rest", "touched"),
    [
        ("*:*:*:*:*:*:*", True),
        ("*:*:*:*:wordpress:*:*", True),
        ("*:*:*:*:drupal:*:*", False),
    ],
)
def test_another_platform_is_another_product(rest: str, touched: bool) -> None:  # noqa: FBT001
    bench = Bench(line(configurations=[any_of(matches(cpe("box", rest="*:*:*:*:wordpress:*:*")))]))

    assert bool(bench.verdicts(by_cpe("box", "1.0", rest=rest))) is touched


def test_another_part_is_another_product() -> None:
    bench = Bench(line(configurations=[any_of(matches(cpe("box", part="h")))]))

    assert bench.verdicts(by_cpe("box", "1.0", part="o")) == []


def test_a_distribution_package_in_the_range_is_unknown() -> None:
    bench = ranged(versionEndExcluding="2")
    package = Component("box", "1.0-3+deb12u1", purl="pkg:deb/debian/box@1.0-3+deb12u1")

    verdict = only(bench.verdicts(package))

    assert verdict.status is UNKNOWN
    assert verdict.confidence == 0.6
    assert "1.0 < 2 (NVD) ; la distribution a pu corriger" in verdict.reason
    assert "confiance 60 %" in verdict.reason


def test_sources_that_disagree_are_settled_for_safety() -> None:
    bench = Bench(
        line(
            configurations=[any_of(matches(cpe("box"), versionEndExcluding="2"))],
            affected=[
                {
                    "vendor": "acme",
                    "product": "box",
                    "versions": [{"version": "1.0", "status": "affected"}],
                }
            ],
        )
    )

    assert only(bench.verdicts(by_cpe("box", "1.5"))).source == "nvd"


def test_repeated_components_share_their_verdicts() -> None:
    judge = ranged(versionEndExcluding="2").judge(by_cpe("box", "1"), by_cpe("box", "1"))

    assert judge.verdicts(0) == judge.verdicts(1) != []


def test_no_entry_is_not_safe() -> None:
    judge = ranged(versionEndExcluding="2").judge(Component("nobody", "1"), by_cpe("box", "9"))

    assert not judge.known(0)
    assert judge.verdicts(0, statuses=EVERY) == []
    assert judge.known(1)
    assert frozenset({AFFECTED, UNKNOWN}) == FOUND


def test_an_empty_corpus_knows_nothing() -> None:
    assert not Bench().judge(by_cpe("box", "1")).known(0)
