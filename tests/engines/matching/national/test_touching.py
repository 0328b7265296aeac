from __future__ import annotations

from collections import Counter
from itertools import product
from unittest import mock

import numpy as np
import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.engines.corpus.records_of import all_of, any_of, cpe, line, matches
from tests.engines.matching.estates import Found, one_by_one
from tests.engines.matching.inventories import Bench, by_cpe

from hygie.engines.matching.kernel import OPEN, TRUE
from hygie.engines.matching.national import touching
from hygie.engines.matching.national.locating import locate
from hygie.engines.matching.national.placing import Places, place_components, place_texts
from hygie.engines.matching.national.touching import Intervals, intervals, touch
from hygie.engines.matching.tally import tally
from hygie.engines.matching.verdicts import Judge
from hygie.vocabulary.enums import VerdictStatus
from hygie.vocabulary.facts import Component

WORDPRESS = "*:*:*:*:wordpress:*:*"
BENCH = Bench(
    line(
        "CVE-2024-0001",
        configurations=[
            any_of(
                matches(cpe("box"), versionStartIncluding="1.0", versionEndExcluding="2.0"),
                matches(cpe("box"), versionStartIncluding="1.5", versionEndIncluding="3.0"),
                matches(cpe("box", "-")),
                matches(cpe("plugin", rest=WORDPRESS), versionEndExcluding="5"),
            )
        ],
    ),
    line("CVE-2024-0002", configurations=[any_of(matches(cpe("box")))]),
    line("CVE-2024-0003", configurations=[any_of(matches(cpe("box", part="h", version="-")))]),
    line(
        "CVE-2024-0004",
        configurations=[
            all_of(
                any_of(matches(cpe("box"), versionEndExcluding="9")),
                any_of(matches(cpe("device", "-", part="h"), vulnerable=False)),
            )
        ],
    ),
    line("CVE-2024-0005", configurations=[any_of(matches(cpe("box"), versionEndExcluding="soon"))]),
)
VERSIONS = st.sampled_from(
    ["", "-", "latest", "0.9", "1.0", "1.5", "2.0", "2.0 rc1", "3.0", "3.0 build 4", "3.1", "12"]
)
COMPONENTS = st.builds(
    lambda product, version, part, rest: by_cpe(
        product, version.replace(" ", "_") or "*", part=part, rest=rest
    ),
    st.sampled_from(["box", "plugin", "nobody"]),
    VERSIONS,
    st.sampled_from("aoh"),
    st.sampled_from(["*:*:*:*:*:*:*", WORDPRESS, "*:*:*:*:drupal:*:*"]),
) | st.builds(
    lambda version: Component("box", version, purl=f"pkg:deb/debian/box@{version or '1'}"),
    VERSIONS,
)


def expanded(places: Places, found: Intervals) -> Found:
    columns = BENCH.matcher.columns
    return Counter(
        {
            (int(places.component[place]), columns.cve_id.text(cve)): 1
            for cve, first, last in zip(*(c.tolist() for c in found), strict=True)
            for place in range(first, last)
        }
    )


@settings(max_examples=300)
@given(st.lists(COMPONENTS, max_size=8, unique=True))
def test_intervals_say_what_the_matcher_says_of_each_component(
    components: list[Component],
) -> None:
    columns = BENCH.matcher.columns
    places = place_components(BENCH.matcher, components)
    touched = touch(columns, places)
    sure = expanded(places, intervals(columns, touched, state=TRUE))
    perhaps = expanded(places, intervals(columns, touched, state=OPEN))

    assert sure == one_by_one(BENCH.matcher, components, VerdictStatus.AFFECTED)
    assert perhaps - sure == one_by_one(BENCH.matcher, components, VerdictStatus.UNKNOWN)


@given(st.lists(VERSIONS.filter(lambda text: text != "-"), min_size=1, max_size=8, unique=True))
def test_texts_are_placed_as_components_are(versions: list[str]) -> None:
    identities = ["acme/box"] * len(versions)
    components = [Component("box", version, vendor="acme") for version in versions]

    texts = place_texts(BENCH.matcher, pa.array(identities), pa.array(versions))
    one_by_one_ = place_components(BENCH.matcher, components)

    assert sorted(zip(texts.component.tolist(), texts.position.tolist(), strict=True)) == sorted(
        zip(one_by_one_.component.tolist(), one_by_one_.position.tolist(), strict=True)
    )


@given(st.lists(VERSIONS, min_size=1, max_size=8, unique=True))
def test_counting_along_the_axis_finds_what_searching_finds(versions: list[str]) -> None:
    columns = BENCH.matcher.columns
    identities = ["acme/box", "acme/plugin"] * len(versions)
    doubled = [version for version in versions for _ in range(2)]
    places = place_texts(BENCH.matcher, pa.array(identities), pa.array(doubled))

    searched = touch(columns, places)
    with mock.patch.object(touching, "_MANY", 0):
        counted, shared = touch(columns, places), touch(columns, places, workers=2)

    for state, found in product((TRUE, OPEN), (counted, shared)):
        assert [c.tolist() for c in intervals(columns, found, state=state)] == [
            c.tolist() for c in intervals(columns, searched, state=state)
        ]


def test_unknown_identities_take_no_place() -> None:
    places = place_texts(BENCH.matcher, pa.array(["no/body"]), pa.array(["1"]))

    assert (len(places.position), places.components) == (0, 1)


def test_some_cves_are_located_as_all_of_them_are() -> None:
    columns = BENCH.matcher.columns
    places = place_components(BENCH.matcher, [by_cpe("box", v) for v in ("1.2", "2.5", "-")])
    whole = touch(columns, places)

    for state in (TRUE, OPEN):
        everything = intervals(columns, whole, state=state)
        for cve in range(len(columns.cve_id)):
            own = everything.cve == cve
            located = locate(columns, places, np.array([cve]))
            found = located.affected if state == TRUE else located.perhaps
            assert found.first.tolist() == everything.first[own].tolist()
            assert found.last.tolist() == everything.last[own].tolist()


@settings(max_examples=200)
@given(st.lists(COMPONENTS | st.just(by_cpe("device", "-", part="h")), max_size=6))
def test_a_tally_counts_the_verdicts_of_an_inventory(components: list[Component]) -> None:
    judge = Judge(BENCH.matcher.columns, BENCH.matcher.place(components))
    verdicts = [judge.verdicts(number) for number in range(len(components))]

    found = tally(BENCH.matcher, components)

    for counted, status in (
        (found.affected, VerdictStatus.AFFECTED),
        (found.unknown, VerdictStatus.UNKNOWN),
    ):
        assert counted.tolist() == [sum(v.status == status for v in own) for own in verdicts]
    assert found.known.tolist() == [judge.known(number) for number in range(len(components))]
