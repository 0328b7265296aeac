"""The starter corpus: facts we wrote, held against the real records when they are at hand."""

from __future__ import annotations

import csv
import functools
import io
import itertools
import json
import re
from collections.abc import Iterator
from datetime import date
from importlib.resources import files
from typing import Any, Final

import pytest
import yaml
import zstandard
from cvss import CVSS3, CVSS4
from tests.realdata import shared

from hygie.vocabulary.cve import CVE_PATTERN
from hygie.vocabulary.enums import Exploitation

THEMES: Final = (
    "backup",
    "hypervisors",
    "mail",
    "medical",
    "remote-access",
    "vpn",
    "web",
    "windows",
)
CPE_NAME: Final = re.compile(r"(?:[a-z0-9_.-]|\\[&+])+")
DOCUMENT_KEYS: Final = {"id", "title", "version", "as_of", "confidence", "entries"}
ENTRY_KEYS: Final = {
    "id",
    "description",
    "description_fr",
    "published",
    "exploitation",
    "sources",
    "affected",
}
OPTIONAL_ENTRY_KEYS: Final = {"cvss_vector", "kev_added"}
BUILD_DIGITS: Final = 8  # an ESXi build alone names a release, whatever stands before it
RANGE_SHAPES: Final = (
    {"introduced", "fixed"},
    {"introduced", "last_affected"},
    {"introduced"},
    {"fixed"},
    {"last_affected"},
    {"exact"},
)

_THIN = "the catalogue's line has no versions; taken from the full record on cve.org"
_BRANCH = "the source names whole branches (N.x), written as below N+1"
_EXCHANGE = "the record gives no build; builds of the March 2021 updates, one a cumulative update"
_BULLETIN = "the record names only the branch; builds from the vendor bulletin cited"

# Bounds that the record we hold does not spell out, and where each one comes from.
BOUNDS_FROM_ELSEWHERE: Final = {
    "CVE-2018-5474": _BRANCH,
    "CVE-2019-19781": _BULLETIN,
    "CVE-2019-5544": "the record names only the branch; builds of the December 2019 patches",
    "CVE-2020-0796": "the record gives no build; builds of the update of 12 March 2020",
    "CVE-2020-12035": _BRANCH,
    "CVE-2020-12812": _THIN,
    "CVE-2020-1472": "the record gives no build; builds of the updates of 11 August 2020",
    "CVE-2020-1938": "the catalogue's line has no versions; from the full record on cve.org",
    "CVE-2020-3452": _THIN,
    "CVE-2020-5902": _THIN,
    "CVE-2020-6961": _BRANCH,
    "CVE-2020-6962": _BRANCH,
    "CVE-2020-6963": _BRANCH,
    "CVE-2020-6964": _BRANCH,
    "CVE-2021-20038": _THIN,
    "CVE-2021-21974": "6.5 and 6.7 are named by patch; builds of these patches",
    "CVE-2021-22005": _THIN,
    "CVE-2021-22893": "the record has no end; 9.1R11.4 is the fix named by CVE-2021-22894",
    "CVE-2021-26855": _EXCHANGE,
    "CVE-2021-27065": _EXCHANGE,
    "CVE-2021-42278": _THIN,
    "CVE-2021-45046": "2.3.1, the fix for Java 6, is on the vendor's page only",
    "CVE-2022-1040": _THIN,
    "CVE-2022-22963": _THIN,
    "CVE-2022-26500": "the full record names branches; builds from the bulletin KB4288 cited",
    "CVE-2022-26923": _THIN,
    "CVE-2022-27518": _BULLETIN,
    "CVE-2022-27925": "the full record names branches; patch levels from the vendor's page cited",
    "CVE-2023-0669": _THIN,
    "CVE-2023-20198": "the record lists bad versions; first good ones from CERTFR-2023-ALE-011",
    "CVE-2023-20887": _BRANCH,
    "CVE-2023-28771": _THIN,
    "CVE-2024-12356": _THIN,
    "CVE-2024-57727": _THIN,
    "CVE-2025-10035": _THIN,
    "CVE-2025-14733": _THIN,
    "CVE-2025-9242": _THIN,
}


@functools.cache
def document(theme: str) -> dict[str, Any]:
    text = (files("hygie.referentials") / "starter" / f"{theme}.yaml").read_text("utf-8")
    loaded: dict[str, Any] = yaml.load(text, Loader=yaml.CSafeLoader)
    return loaded


def entries() -> list[dict[str, Any]]:
    return [entry for theme in THEMES for entry in document(theme)["entries"]]


def ranges() -> Iterator[tuple[str, dict[str, str]]]:
    for entry in entries():
        for affected in entry["affected"]:
            for bounds in affected["versions"]:
                yield entry["id"], bounds


def tokens(text: str) -> list[str]:
    """Split as version comparison does: runs of digits without leading zeros, runs of letters."""
    plain = re.sub(r"\bpatch\b", "p", text.lower())
    return [str(int(run)) if run.isdigit() else run for run in re.findall(r"[0-9]+|[a-z]+", plain)]


def order_key(version: str) -> list[tuple[int, int, str]]:
    return [(1, int(run), "") if run.isdigit() else (0, 0, run) for run in tokens(version)]


def holds(haystack: list[str], needle: list[str]) -> bool:
    width = len(needle)
    return any(
        haystack[start : start + width] == needle for start in range(len(haystack) - width + 1)
    )


def test_every_theme_has_its_file_and_no_file_is_forgotten() -> None:
    folder = files("hygie.referentials") / "starter"

    names = {item.name for item in folder.iterdir() if item.name.endswith(".yaml")}

    assert names == {f"{theme}.yaml" for theme in THEMES}


@pytest.mark.parametrize("theme", THEMES)
def test_a_document_says_what_it_is_and_how_sure_it_is(theme: str) -> None:
    found = document(theme)

    assert set(found) == DOCUMENT_KEYS
    assert found["id"] == f"starter-{theme}"
    assert isinstance(found["as_of"], date)
    assert found["confidence"] in {"A", "B", "C"}
    assert found["version"] >= 1


def test_the_corpus_is_a_starter_not_a_copy_of_the_world() -> None:
    assert 100 <= len(entries()) <= 500


def test_no_vulnerability_is_told_twice() -> None:
    identifiers = [entry["id"] for entry in entries()]

    assert len(identifiers) == len(set(identifiers))
    assert all(CVE_PATTERN.fullmatch(identifier) for identifier in identifiers)


@pytest.mark.parametrize("theme", THEMES)
def test_an_entry_holds_the_agreed_facts(theme: str) -> None:
    for entry in document(theme)["entries"]:
        assert ENTRY_KEYS <= set(entry) <= ENTRY_KEYS | OPTIONAL_ENTRY_KEYS, entry["id"]
        assert isinstance(entry["published"], date), entry["id"]
        assert isinstance(entry.get("kev_added", entry["published"]), date), entry["id"]
        assert entry["exploitation"] in set(Exploitation), entry["id"]


def test_what_is_in_the_kev_catalogue_is_exploited() -> None:
    for entry in entries():
        if "kev_added" in entry:
            assert entry["exploitation"] == "active", entry["id"]


def test_every_entry_cites_its_record_over_https() -> None:
    for entry in entries():
        record = f"https://www.cve.org/CVERecord?id={entry['id']}"
        assert record in entry["sources"], entry["id"]
        assert all(source.startswith("https://") for source in entry["sources"]), entry["id"]
        assert len(entry["sources"]) == len(set(entry["sources"])), entry["id"]


def test_descriptions_are_short_and_french_ones_are_typeset() -> None:
    for entry in entries():
        for key in ("description", "description_fr"):
            assert 20 <= len(entry[key]) <= 300, (entry["id"], key)
        assert "'" not in entry["description_fr"], entry["id"]
        assert entry["description"] != entry["description_fr"], entry["id"]


def test_vectors_are_base_vectors_that_a_calculator_accepts() -> None:
    for entry in entries():
        vector = entry.get("cvss_vector")
        if vector is None:
            continue
        calculator = CVSS4 if vector.startswith("CVSS:4.0/") else CVSS3
        assert calculator(vector).clean_vector() == vector, entry["id"]


@pytest.mark.parametrize("theme", THEMES)
def test_products_are_named_as_the_cpe_dictionary_does(theme: str) -> None:
    for entry in document(theme)["entries"]:
        assert entry["affected"], entry["id"]
        for affected in entry["affected"]:
            assert CPE_NAME.fullmatch(affected["vendor"]), entry["id"]
            assert CPE_NAME.fullmatch(affected["product"]), (entry["id"], affected["product"])
            assert affected["part"] in {"a", "o", "h"}, entry["id"]
            assert affected["aliases"], entry["id"]
            assert len(affected["aliases"]) == len(set(affected["aliases"])), entry["id"]


def test_a_purl_has_no_version_and_a_scheme_is_generic_or_its_type() -> None:
    for entry in entries():
        for affected in entry["affected"]:
            purl = affected.get("purl")
            if purl is None:
                assert affected["scheme"] == "generic", entry["id"]
                continue
            kind = re.fullmatch(r"pkg:([a-z]+)/[^@?#]+", purl)
            assert kind is not None, (entry["id"], purl)
            assert affected["scheme"] in {"generic", kind[1]}, entry["id"]


def test_a_product_keeps_one_identity_through_a_theme() -> None:
    for theme in THEMES:
        seen: dict[tuple[str, str, str | None], list[str]] = {}
        for entry in document(theme)["entries"]:
            for affected in entry["affected"]:
                name = (affected["vendor"], affected["product"], affected.get("purl"))
                assert seen.setdefault(name, affected["aliases"]) == affected["aliases"], name


def test_ranges_have_a_known_shape_and_go_upwards() -> None:
    for cve_id, bounds in ranges():
        assert set(bounds) in RANGE_SHAPES, (cve_id, bounds)
        assert all(isinstance(bound, str) and bound.strip() == bound for bound in bounds.values())
        upper = bounds.get("fixed") or bounds.get("last_affected")
        if "introduced" in bounds and upper:
            assert order_key(bounds["introduced"]) <= order_key(upper), (cve_id, bounds)


def test_branches_of_a_product_do_not_overlap() -> None:
    for entry in entries():
        for affected in entry["affected"]:
            branches = sorted(
                (order_key(bounds["introduced"]), order_key(upper))
                for bounds in affected["versions"]
                if "introduced" in bounds
                and (upper := bounds.get("fixed") or bounds.get("last_affected"))
            )
            for (_, end), (start, _) in itertools.pairwise(branches):
                assert start >= end, (entry["id"], affected["product"])


@functools.cache
def records() -> dict[str, dict[str, Any]]:
    wanted = {entry["id"] for entry in entries()}
    found: dict[str, dict[str, Any]] = {}
    for name in ("cve/cve_stubs_kev_csaf.jsonl.zst", "cve/cve.jsonl.zst"):
        with shared(name).open("rb") as packed:
            reader = zstandard.ZstdDecompressor(max_window_size=2**27).stream_reader(packed)
            for line in io.TextIOWrapper(reader, encoding="utf-8"):
                identifier = line[7 : line.index('"', 7)]
                if identifier in wanted:
                    found[identifier] = json.loads(line)
    return found


def spoken(record: dict[str, Any]) -> str:
    """Every version the record names, a bound directly behind the branch it closes."""
    parts = [record.get("description", "")]
    for product in [*record.get("affected", []), *record.get("adp_affected", [])]:
        for version in product.get("versions", []):
            name = version.get("version", "")
            for bound in ("lessThan", "lessThanOrEqual"):
                parts.append(f"{name} {version.get(bound, '')}")
                parts.append(version.get(bound, ""))
    for key in ("configurations", "cpe_applicability", "anchore_configurations"):
        parts += _criteria(record.get(key, []))
    return " ; ".join(parts)


def _criteria(nodes: list[dict[str, Any]]) -> list[str]:
    parts: list[str] = []
    for node in nodes:
        for match in node.get("cpeMatch", []):
            parts += [str(match[key]) for key in match if key.startswith("version")]
            parts.append(" ".join(str(match.get("criteria", "")).split(":")[5:7]))
        parts += _criteria([*node.get("children", []), *node.get("nodes", [])])
    return parts


def test_kev_dates_are_those_of_the_catalogue() -> None:
    catalogue = json.loads(shared("kev/known_exploited_vulnerabilities.json").read_text("utf-8"))
    dates = {item["cveID"]: item["dateAdded"] for item in catalogue["vulnerabilities"]}
    with shared("kev/kev_added_after_2026-01-29.csv").open(encoding="utf-8") as later:
        dates |= {row["cveID"]: row["dateAdded"] for row in csv.DictReader(later)}

    for entry in entries():
        ours = str(entry["kev_added"]) if "kev_added" in entry else None
        assert ours == dates.get(entry["id"]), entry["id"]


def test_publication_dates_are_those_of_the_record() -> None:
    for entry in entries():
        published = str(records().get(entry["id"], {}).get("published") or "")[:10]
        if published:
            assert str(entry["published"]) == published, entry["id"]


def test_vectors_are_those_of_the_record() -> None:
    for entry in entries():
        scores = records().get(entry["id"], {}).get("cvss") or {}
        official = [scores[version]["vector"] for version in ("v3", "v4") if scores.get(version)]
        if "cvss_vector" in entry and official:
            ours = set(entry["cvss_vector"].split("/"))
            assert any(ours <= set(vector.split("/")) for vector in official), entry["id"]


def test_version_bounds_are_those_of_the_record() -> None:
    unspoken: dict[str, list[str]] = {}
    words = {cve_id: tokens(spoken(record)) for cve_id, record in records().items()}
    for cve_id, bounds in ranges():
        for kind, bound in bounds.items():
            if kind == "introduced" or cve_id not in words:
                continue  # a floor is often the start of a branch, which records leave unsaid
            build = [run for run in tokens(bound) if len(run) >= BUILD_DIGITS][-1:]
            if not holds(words[cve_id], build or tokens(bound)):
                unspoken.setdefault(cve_id, []).append(bound)

    assert set(unspoken) == set(BOUNDS_FROM_ELSEWHERE), unspoken


def test_our_words_are_ours() -> None:
    run = 8  # consecutive words
    for entry in entries():
        theirs = re.findall(r"\w+", records().get(entry["id"], {}).get("description", "").lower())
        ours = re.findall(r"\w+", entry["description"].lower())
        for start in range(len(ours) - run + 1):
            assert not holds(theirs, ours[start : start + run]), entry["id"]
