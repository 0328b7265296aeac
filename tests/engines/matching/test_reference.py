"""The matcher against the slow, obvious one, on real records."""

from __future__ import annotations

import json
import random
from itertools import islice
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.engines.matching import affected_reference, reference
from tests.engines.matching.inventories import Bench
from tests.realdata import shared

from hygie.engines.exchange.reading import iter_lines_bounded
from hygie.engines.matching.versions import VersionError, version_key
from hygie.vocabulary.cpe import CpeError, escape, parse_cpe
from hygie.vocabulary.facts import Component

if TYPE_CHECKING:
    from collections.abc import Iterator

FIELDS = ("configurations", "anchore_configurations", "cpe_applicability")

Record = dict[str, Any]


def records(*, every: int, most: int) -> list[Record]:
    path = shared("cve/cve.jsonl.zst")
    lines = iter_lines_bounded(path, max_line_bytes=1 << 24, max_bytes=1 << 32)
    taken = islice(lines, 0, every * most, every)
    kept = ("id", "status", *FIELDS)
    whole = (json.loads(text) for _, text in taken)
    return [{k: v for k, v in record.items() if k in kept} for record in whole]


def all_matches(node: Record) -> Iterator[Record]:
    yield from node.get("cpeMatch", [])
    for child in node.get("children", []):
        yield from all_matches(child)


def matches_of(record: Record) -> list[Record]:
    nodes = [node for field in FIELDS for node in record.get(field, [])]
    return [match for node in nodes for match in all_matches(node)]


def products_of(record: Record) -> set[str]:
    return {":".join(match["criteria"].split(":")[3:5]) for match in matches_of(record)}


def components(given_: list[Record], count: int) -> Iterator[str]:
    """CPE names near the bounds of real criteria: on them, just beside, and elsewhere."""
    chance = random.Random(11)  # noqa: S311 - the same names each time
    pool = [match for record in given_ for match in matches_of(record)]
    while count:
        match = chance.choice(pool)
        pieces = match["criteria"].split(":")
        bounds = [match[bound] for bound in reference.BOUNDS if bound in match]
        version = escape(chance.choice(bounds)) if bounds else pieces[5]
        version = chance.choice([version, version + ".1", version + "_sp1", "1.0", pieces[5]])
        name = ":".join([*pieces[:5], version, *pieces[6:]])
        # "Any version, service pack 1" is nobody's version: an inventory never writes it.
        if readable(name) and (version == "*" or "*" not in version):
            count -= 1
            yield name


def readable(name: str) -> bool:
    try:
        version_key(reference.text_of(parse_cpe(name)), "generic")
    except (VersionError, CpeError):
        return False
    return True


def disagreements(given_: list[Record], count: int) -> tuple[int, list[object]]:
    bench = Bench(*map(json.dumps, given_))
    by_product: dict[str, list[Record]] = {}
    for record in given_:
        for product in products_of(record):
            by_product.setdefault(product, []).append(record)
    pairs = 0
    wrong: list[object] = []
    for name in components(given_, count):
        found = bench.verdicts(Component(name=name, cpe=name), together=False)
        ours = {verdict.cve_id: str(verdict.status) for verdict in found}
        cpe = parse_cpe(name)
        near = by_product.get(":".join(name.split(":")[3:5]), [])
        theirs = {record["id"]: reference.status(record, cpe) for record in near}
        pairs += len(near)
        wrong += [
            (name, cve_id, ours.get(cve_id), theirs.get(cve_id))
            for cve_id in ours.keys() | theirs.keys()
            if ours.get(cve_id) != theirs.get(cve_id)
        ]
    return pairs, wrong


def test_both_matchers_agree_on_real_records() -> None:
    pairs, wrong = disagreements(records(every=1, most=1500), 200)

    assert pairs > 500
    assert wrong == []


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_both_matchers_agree_on_many_real_pairs() -> None:
    pairs, wrong = disagreements(records(every=15, most=16_500), 1_500)

    assert pairs > 100_000
    assert wrong == []


def own_lists(*, every: int, most: int) -> Iterator[tuple[str, Record]]:
    """Yield the products that CNA and CISA list themselves, each with its CVE."""
    path = shared("cve/cve.jsonl.zst")
    lines = iter_lines_bounded(path, max_line_bytes=1 << 24, max_bytes=1 << 32)
    for _, text in islice(lines, 0, every * most, every):
        record = json.loads(text)
        if record.get("status") != "Rejected":
            for field in ("affected", "adp_affected"):
                for product in record.get(field, []):
                    if affected_reference.judged(product):
                        yield record["id"], product


def disagreements_on_lists(*, every: int, most: int) -> tuple[int, list[object]]:
    pairs, wrong = 0, []
    for cve_id, product in own_lists(every=every, most=most):
        bench = Bench(json.dumps({"id": cve_id, "source": "cna", "affected": [product]}))
        versions = list(dict.fromkeys(affected_reference.versions_near(product)))[:12]
        components = [
            Component(product["product"], version, vendor=product["vendor"]) for version in versions
        ]
        judge = bench.judge(*components, together=False)
        for at, version in enumerate(versions):
            pairs += 1
            ours = {str(verdict.status) for verdict in judge.verdicts(at)}
            theirs = affected_reference.status(product, version)
            if ("affected" in ours) != (theirs == "affected"):
                wrong.append((cve_id, product, version, ours, theirs))
    return pairs, wrong


def test_both_readings_of_a_cna_list_agree() -> None:
    pairs, wrong = disagreements_on_lists(every=20, most=8_000)

    assert pairs > 1_000
    assert wrong == []


@pytest.mark.slow
@pytest.mark.timeout(1200)
def test_both_readings_of_many_lists_agree() -> None:
    pairs, wrong = disagreements_on_lists(every=4, most=61_000)

    assert pairs > 100_000
    assert wrong == []


VERSIONS = st.text("012.-ab rc sp build u", min_size=1, max_size=12)


@settings(max_examples=500)
@given(VERSIONS, VERSIONS)
def test_both_orders_agree(left: str, right: str) -> None:
    keys = []
    for version in (left, right):
        try:
            keys.append(version_key(version, "generic"))
        except VersionError:
            with pytest.raises(reference.UnreadableError):
                reference.key(version)
            return
    ours = (keys[0] > keys[1]) - (keys[0] < keys[1])
    slow = [reference.key(version) for version in (left, right)]

    assert ours == (slow[0] > slow[1]) - (slow[0] < slow[1])
