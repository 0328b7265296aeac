"""The slow, obvious matcher: one CPE component against one record, from the specifications.

NIST IR 7696 for names, NVD's schema for ranges and nodes, our published rule for versions
(generic.py's docstring) written again with lists of tuples instead of bytes.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from hygie.engines.matching.versions import generic
from hygie.vocabulary.cpe import Cpe, CpeError, Relation, compare_values, parse_cpe, plain

if TYPE_CHECKING:
    from collections.abc import Iterator

UNDECIDED: Final = "undecided"
FIRM: Final = "undecided, whatever else the record decides"
OPEN: Final = 1
TRUE: Final = 2

Key = list[tuple[Any, ...]]

PRE, END, BUILD, UPDATE, WORD, NUMBER = range(6)


class UnreadableError(Exception):
    """The text is no version."""


@cache
def key(text: str) -> Key:
    lowered = text.lower().replace("service pack", "sp")
    if re.fullmatch(r"(?=.*[a-f])(?=.*[0-9])[0-9a-f]{12,64}", lowered):
        raise UnreadableError
    pieces = re.findall(r"[0-9]+|[a-z]+", lowered)
    if not any(piece.isdigit() for piece in pieces):
        raise UnreadableError
    while pieces[0] in generic._LEADING:
        pieces.pop(0)
    pieces = [piece for piece in pieces if piece not in generic._SILENT]
    found: Key = []
    for at, piece in enumerate(pieces):
        following = pieces[at + 1] if at + 1 < len(pieces) else ""
        if piece.isdigit():
            found.append((NUMBER, int(piece)))
        elif piece in generic._PRE:
            found.append((PRE, generic._PRE[piece]))
        elif piece in generic._BUILDS or (
            piece == "b" and len(following) > 2 and following.isdigit()
        ):
            found.append((BUILD,))
        elif piece in generic._UPDATES:
            found.append((UPDATE, generic._UPDATES[piece]))
        else:
            found.append((WORD, piece))
    return without_idle_zeros(found)


def without_idle_zeros(key_: Key) -> Key:
    """A missing number is zero: zeros before a word or the end are not there."""
    found: Key = []
    for item in [*key_, (END,)]:
        if item[0] != NUMBER:
            while found and found[-1] == (NUMBER, 0):
                found.pop()
        found.append(item)
    return found


def is_version_or_below(version: Key, wanted: Key, kinds: tuple[int, ...]) -> bool:
    """Whether ``version`` is ``wanted`` followed by something of these kinds."""
    stem = wanted[:-1]
    return version[: len(stem)] == stem and version[len(stem)][0] in kinds


def in_range(version: Key, match: dict[str, Any]) -> bool:
    tests = [
        ("versionStartIncluding", lambda bound: version >= bound),
        ("versionStartExcluding", lambda bound: version > bound),
        ("versionEndExcluding", lambda bound: version < bound),
        (
            "versionEndIncluding",
            lambda bound: version <= bound or is_version_or_below(version, bound, (BUILD,)),
        ),
    ]
    unreadable = False
    for name, inside in tests:
        try:
            if name in match and not inside(key(match[name])):
                return False
        except UnreadableError:
            unreadable = True
    if unreadable:
        raise UnreadableError
    return True


def text_of(name: Cpe) -> str:
    version, update = plain(name.version), plain(name.update)
    return f"{version} {update}" if version and update else version or update


def covers(match: dict[str, Any], name: Cpe, component: Cpe) -> bool | str:
    """Whether a criterion covers a component; UNDECIDED when its versions cannot be read."""
    for attribute in ("part", "vendor", "product"):
        if getattr(name, attribute) != getattr(component, attribute):
            return False
    tail = zip(name.values()[5:], component.values()[5:], strict=True)
    if any(compare_values(s, t) is Relation.DISJOINT for s, t in tail):
        return False
    version = key(text_of(component))
    try:
        if any(bound in match for bound in BOUNDS):
            return in_range(version, match)
        wanted = text_of(name)
        if wanted:
            exact = key(wanted)
            any_update = plain(name.version) and name.update == "*"
            kinds = (BUILD, UPDATE, PRE, END) if any_update else (END,)
            inside = is_version_or_below(version, exact, kinds)
            return inside and (version >= exact)
    except UnreadableError:
        given = [match[bound] for bound in BOUNDS if bound in match]
        hashes = [bound for bound in given if re.fullmatch(r"[0-9a-f]{7,64}", bound)]
        return FIRM if given and not hashes else UNDECIDED
    return name.version == "*" or name.part == "h"


BOUNDS: Final = (
    "versionStartIncluding",
    "versionStartExcluding",
    "versionEndIncluding",
    "versionEndExcluding",
)


def touches(node: dict[str, Any], component: Cpe) -> int | str | None:
    """Whether a node touches the component alone in its inventory: None, OPEN, TRUE, UNDECIDED.

    Alone, no other component can be what a second side of an AND asks for.
    """
    if node.get("negate"):
        raise NotImplementedError
    found = [_criterion(match, component) for match in node.get("cpeMatch", [])]
    found += [touches(child, component) for child in node.get("children", [])]
    hits = [state for state in found if state is not None]
    if not hits:
        return None
    sides = [
        child
        for child in node.get("children", [])
        if child.get("cpeMatch") or child.get("children")
    ]
    several = len(sides) + len(node.get("cpeMatch", [])) > 1
    if node.get("operator") == "AND" and several:
        return OPEN if OPEN in hits or TRUE in hits else _undecided(hits)
    return max((state for state in hits if isinstance(state, int)), default=_undecided(hits))


def _undecided(hits: list[Any]) -> str:
    return FIRM if FIRM in hits else UNDECIDED


_name = cache(parse_cpe)


def _criterion(match: dict[str, Any], component: Cpe) -> int | str | None:
    if match.get("vulnerable") is False:
        return None
    try:
        name = _name(match["criteria"])
    except CpeError:
        return None
    covered = covers(match, name, component)
    if covered in (UNDECIDED, FIRM):
        return str(covered)
    return TRUE if covered else None


def status(record: dict[str, Any], component: Cpe) -> str | None:
    """Return affected, unknown or None for a component that reads as a version."""
    if record.get("status") == "Rejected":
        return None
    fields = ("configurations", "anchore_configurations", "cpe_applicability")
    found = [touches(node, component) for field in fields for node in record.get(field, [])]
    if TRUE in found:
        return "affected"
    if OPEN in found or FIRM in found:
        return "unknown"
    if UNDECIDED in found and not decides(record, component):
        return "unknown"
    return None


def decides(record: dict[str, Any], component: Cpe) -> bool:
    """Whether any criterion of the record about this product can be read."""
    fields = ("configurations", "anchore_configurations", "cpe_applicability")
    nodes = [node for field in fields for node in record.get(field, [])]
    return any(_readable(match, component) for node in nodes for match in _matches(node))


def _matches(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield from node.get("cpeMatch", [])
    for child in node.get("children", []):
        yield from _matches(child)


def _readable(match: dict[str, Any], component: Cpe) -> bool:
    if match.get("vulnerable") is False:
        return False
    try:
        name = _name(match["criteria"])
    except CpeError:
        return False
    if (name.vendor, name.product) != (component.vendor, component.product):
        return False
    bounds = [match[bound] for bound in BOUNDS if bound in match]
    try:
        for text in bounds or filter(None, [text_of(name)]):
            key(text)
    except UnreadableError:
        return False
    return True
