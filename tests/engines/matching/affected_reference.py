"""The slow, obvious reading of a CVE record's own list of products.

CVE Record Format 5.1, "version status decision algorithm": the entry that holds the version
decides, its changes after it, ``defaultStatus`` for the rest. Only lists whose every version is
a plain one are judged here: free texts have their own tests.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from tests.engines.matching.reference import (
    BUILD,
    END,
    PRE,
    UPDATE,
    Key,
    UnreadableError,
    is_version_or_below,
    key,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

PLAIN: Final = re.compile(r"[0-9]+(?:\.[0-9a-zA-Z]+)*(?:-[0-9a-zA-Z.]+)?")
START: Final = frozenset({"0", "", "*", "-", "unspecified", "n/a", "none", "unknown"})
NO_NAME: Final = frozenset(
    {"", "n/a", "unknown", "unspecified", "multiple", "-", "multiple vendors"}
)
NO_END: Final = frozenset({"*", "unspecified", "", "n/a"})

Entry = dict[str, Any]


def judged(product: Entry) -> bool:
    """Whether every version of the list can be read plainly, and its entries do not overlap."""
    entries = product.get("versions", [])
    names = (product.get(name, "").strip().lower() for name in ("vendor", "product"))
    named = all(name not in NO_NAME for name in names)
    bare = not product.get("cpes") and not product.get("packageName")
    return bool(entries) and named and bare and all(map(_plain, entries))


def status(product: Entry, version: str) -> str:
    """Return what the list says of a version: affected, unaffected or unknown."""
    wanted = _key(version)
    said = [found for entry in product["versions"] if (found := _entry(entry, wanted))]
    default = str(product.get("defaultStatus", "unknown"))
    # Overlapping entries contradict each other; what is said safe is taken as said.
    if "unaffected" in said:
        return "unaffected"
    if "affected" in said or default == "affected":
        # Under "affected by default", what the list says is unknown is taken as affected.
        return "affected"
    return said[0] if said else default


def versions_near(product: Entry) -> Iterator[str]:
    """Yield versions on the bounds and just beside."""
    for entry in product["versions"]:
        for text in _texts(entry):
            if text not in START and text not in NO_END:
                yield text
                yield f"{text}.1"
                yield f"{text} sp1"
    yield "0.0.1"


def _entry(entry: Entry, wanted: Key) -> str:
    end = entry.get("lessThan", "") or entry.get("lessThanOrEqual", "")
    said = str(entry.get("status", "unknown"))
    if not end:
        exact = _key(entry["version"])
        inside = is_version_or_below(wanted, exact, (BUILD, UPDATE, PRE, END)) and wanted >= exact
        return said if inside else ""
    if not _within(entry, wanted):
        return ""
    for change in entry.get("changes", []):
        if wanted >= _key(change["at"]):
            said = change["status"]
    return said


def _within(entry: Entry, wanted: Key) -> bool:
    start = str(entry.get("version", ""))
    if start not in START and wanted < _key(start):
        return False
    if "lessThan" in entry:
        return entry["lessThan"] in NO_END or wanted < _key(entry["lessThan"])
    end = entry["lessThanOrEqual"]
    if end in NO_END:
        return True
    return wanted <= _key(end) or is_version_or_below(wanted, _key(end), (BUILD,))


def _texts(entry: Entry) -> list[str]:
    changes = [change.get("at", "") for change in entry.get("changes", [])]
    return [str(entry.get(k, "")) for k in ("version", "lessThan", "lessThanOrEqual")] + changes


def _plain(entry: Entry) -> bool:
    start, *ends = _texts(entry)
    exact = not any(entry.get(k) for k in ("lessThan", "lessThanOrEqual"))
    if entry.get("versionType") == "git" or (exact and entry.get("version") in START):
        return False
    if not (start in START or _readable(start)):
        return False
    if not all(text in NO_END or _readable(text) for text in ends):
        return False
    ordered = [_key(change["at"]) for change in entry.get("changes", [])]
    # A change past the end of its range contradicts the end: we keep what lies between as
    # affected, the letter of the format does not.
    inside = all(_within({**entry, "version": "0"}, at) for at in ordered)
    return inside and ordered == sorted(ordered)


def _readable(text: str) -> bool:
    try:
        # "7.3.x" is a branch, which is a free text.
        return bool(PLAIN.fullmatch(text)) and not text.endswith(".x") and bool(_key(text))
    except UnreadableError:
        return False


@cache
def _key(text: str) -> Key:
    return key(text)
