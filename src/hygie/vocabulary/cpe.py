r"""CPE names: the 2.3 formatted string and the 2.2 URI, read into the same dataclass.

Attribute values keep the escaped form of the formatted string, in lower case: ``*`` alone is
ANY, ``-`` alone is NA, a literal hyphen alone is ``\-``. ``plain`` gives the text to show.
Sources: NIST IR 7695 (naming, §§ 5 and 6) and NIST IR 7696 (name matching, table 6-2).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum
from typing import Final

from hygie.vocabulary.errors import InputError

ANY: Final = "*"
NA: Final = "-"
CPE_MAX_CHARS: Final = 2048

_ATTRIBUTES: Final = 11
_SPLIT: Final = re.compile(r"(?:\\.|[^\\:])*", re.DOTALL)
_VALUE: Final = re.compile(
    r"(?:\?+|\*)?(?:[a-z0-9._\-]|\\[!-/:-@\[-`{-~])+(?:\?+|\*)?", re.ASCII | re.IGNORECASE
)
_PART: Final = re.compile(r"[aoh*\-]")
_PERCENT: Final = re.compile(r"%([0-9a-fA-F]{2})")
_UNESCAPE: Final = re.compile(r"\\(.)")
_LITERAL: Final = re.compile(r"[a-z0-9._\-]")


class CpeError(InputError):
    """The text is not a CPE name."""


class Relation(Enum):
    """How the set of products a source value names stands to the target's (IR 7696, § 6.1)."""

    EQUAL = "equal"
    SUBSET = "subset"
    SUPERSET = "superset"
    DISJOINT = "disjoint"
    UNDEFINED = "undefined"


@dataclass(frozen=True, slots=True)
class Cpe:
    """The eleven attributes of a CPE name, escaped as in a formatted string, lower case."""

    part: str = ANY
    vendor: str = ANY
    product: str = ANY
    version: str = ANY
    update: str = ANY
    edition: str = ANY
    language: str = ANY
    sw_edition: str = ANY
    target_sw: str = ANY
    target_hw: str = ANY
    other: str = ANY

    def __str__(self) -> str:
        return "cpe:2.3:" + ":".join(self.values())

    def values(self) -> tuple[str, ...]:
        """Return the eleven values in the order of the formatted string."""
        return (
            self.part,
            self.vendor,
            self.product,
            self.version,
            self.update,
            self.edition,
            self.language,
            self.sw_edition,
            self.target_sw,
            self.target_hw,
            self.other,
        )


def parse_cpe(text: str) -> Cpe:
    """Read a CPE 2.3 formatted string or a CPE 2.2 URI.

    Raises:
        CpeError: if the text is neither, or an attribute holds a forbidden character.
    """
    name = text.strip()
    if len(name) > CPE_MAX_CHARS:
        raise CpeError(f"nom CPE de plus de {CPE_MAX_CHARS} caractères, refusé")
    if name[:8].lower() == "cpe:2.3:":
        return _from_formatted_string(name)
    if name[:5].lower() == "cpe:/":
        return _from_uri(name)
    raise CpeError(f"« {name[:60]} » n’est pas un nom CPE, exemple : cpe:2.3:a:editeur:produit:1.0")


def plain(value: str) -> str:
    """Return an attribute value as text: escapes removed; ANY and NA give an empty text."""
    return "" if value in (ANY, NA) else _UNESCAPE.sub(r"\1", value)


def escape(text: str) -> str:
    """Return a text as an attribute value: lower case, blanks as ``_``, the rest escaped.

    Characters outside printable ASCII cannot stand in a CPE name and are dropped.
    """
    lowered = "_".join(text.lower().split())
    kept = [c if _LITERAL.match(c) else f"\\{c}" for c in lowered if "!" <= c <= "~"]
    value = "".join(kept)
    return "\\-" if value == NA else value or ANY


def compare_values(source: str, target: str) -> Relation:
    """Compare two values of one attribute (IR 7696, table 6-2); the source may hold wildcards."""
    if target != ANY and _has_wildcard(target):
        return Relation.UNDEFINED
    if source == target:
        return Relation.EQUAL
    if source == ANY:
        return Relation.SUPERSET
    if target == ANY:
        return Relation.SUBSET
    if NA in (source, target):
        return Relation.DISJOINT
    return Relation.SUPERSET if _wildcard_covers(source, target) else Relation.DISJOINT


def compare_names(source: Cpe, target: Cpe) -> Relation:
    """Compare two names attribute by attribute (IR 7696, § 6.2)."""
    found = {compare_values(s, t) for s, t in zip(source.values(), target.values(), strict=True)}
    if Relation.DISJOINT in found:
        return Relation.DISJOINT
    if Relation.UNDEFINED in found:
        return Relation.UNDEFINED
    found.discard(Relation.EQUAL)
    if not found:
        return Relation.EQUAL
    return found.pop() if len(found) == 1 else Relation.UNDEFINED


def _from_formatted_string(name: str) -> Cpe:
    values = _split_unescaped(name[8:])
    if len(values) > _ATTRIBUTES:
        raise CpeError(f"« {name[:60]} » a {len(values)} attributs, le format CPE 2.3 en compte 11")
    return _checked([_read_value(value, name) for value in values], name)


def _split_unescaped(text: str) -> list[str]:
    if "\\" not in text:
        return text.split(":")
    values, at = [], 0
    while True:
        found = _SPLIT.match(text, at)
        end = found.end() if found else at
        values.append(text[at:end])
        if end >= len(text):
            return values
        if text[end] != ":":
            raise CpeError(f"« {text[:60]} » finit par une barre oblique inverse isolée")
        at = end + 1


def _read_value(value: str, name: str) -> str:
    if value in (ANY, NA):
        return value
    lowered = value.lower()
    if not _VALUE.fullmatch(lowered):
        raise CpeError(f"« {name[:80]} » : la valeur « {value[:40]} » n’est pas permise")
    return lowered


def _from_uri(name: str) -> Cpe:
    pieces = name[5:].split(":")
    if len(pieces) > 7:  # noqa: PLR2004 - part to language, IR 7695 § 6.1
        raise CpeError(f"« {name[:60]} » a trop d’attributs pour un URI CPE 2.2")
    packed: list[str] = []
    if len(pieces) > 5 and pieces[5].startswith("~"):  # noqa: PLR2004 - the edition
        unpacked = pieces[5].split("~")[1:6]
        pieces[5], packed = unpacked[0], unpacked[1:]
    values = [_read_uri_value(piece, name) for piece in pieces]
    values += [ANY] * (7 - len(values)) + [_read_uri_value(piece, name) for piece in packed]
    return _checked(values, name)


def _read_uri_value(piece: str, name: str) -> str:
    if piece == "":
        return ANY
    if piece == NA:
        return NA
    marked = piece.replace("%01", "\x01").replace("%02", "\x02")
    decoded = _PERCENT.sub(lambda found: chr(int(found[1], 16)), marked)
    quoted = "".join(_quote(character) for character in decoded.lower())
    return _read_value(quoted, name)


def _quote(character: str) -> str:
    if character == "\x01":
        return "?"
    if character == "\x02":
        return "*"
    return character if _LITERAL.match(character) else f"\\{character}"


def _checked(values: list[str], name: str) -> Cpe:
    if not _PART.fullmatch(values[0]):
        raise CpeError(f"« {name[:60]} » : la partie doit être a, o ou h")
    return Cpe(*values)


def _has_wildcard(value: str) -> bool:
    bare = _UNESCAPE.sub("", value)
    return "*" in bare or "?" in bare


def _wildcard_covers(source: str, target: str) -> bool:
    """Whether a source such as ``8.*`` or ``?.0`` covers a target without wildcards."""
    if not _has_wildcard(source):
        return False
    pattern, at = "", 0
    while at < len(source):
        step = 2 if source[at] == "\\" else 1
        unit = source[at : at + step]
        # IR 7696 § 6.3: leading or trailing ? may stand for no character at all.
        pattern += {"*": ".*", "?": ".?"}.get(unit, re.escape(unit))
        at += step
    return re.fullmatch(pattern, target, re.DOTALL) is not None
