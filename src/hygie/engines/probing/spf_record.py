"""The grammar of an SPF record (RFC 7208 sections 4.6.1, 5, 6, 7.1 and 12)."""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass
from typing import Final, TypeAlias

from hygie.engines.probing.errors import ProtocolError

RECORD_MAX: Final = 4_096
Address: TypeAlias = ipaddress.IPv4Address | ipaddress.IPv6Address

_DIRECTIVE: Final = re.compile(
    r"(?P<qualifier>[+\-?~]?)(?P<name>all|include|a|mx|ptr|ip4|ip6|exists)"
    r"(?P<rest>(?:[:/].*)?)",
    re.IGNORECASE,
)
_MODIFIER: Final = re.compile(r"(?P<name>[A-Za-z][A-Za-z0-9._-]*)=(?P<value>.*)")
_LENGTHS: Final = re.compile(
    r"(?P<domain>.*?)(?:/(?P<v4>0|[1-9][0-9]?))?(?://(?P<v6>0|[1-9][0-9]{0,2}))?"
)
_MACRO: Final = r"%(?:[%_-]|\{[slodiphcrtv](?:[0-9]{1,9})?r?[.\-+,/_=]*\})"
_MACRO_STRING: Final = re.compile(rf"(?:[!-$&-~]|{_MACRO})*", re.IGNORECASE)
_TOP_LABEL: Final = r"(?=[a-z0-9-]*[a-z-])[a-z0-9](?:[a-z0-9-]*[a-z0-9])?"
_DOMAIN_SPEC: Final = re.compile(
    rf"(?:[!-$&-~]|{_MACRO})*?(?:\.{_TOP_LABEL}\.?|{_MACRO})", re.IGNORECASE
)
_ZERO_PARTS: Final = re.compile(r"%\{[a-z]0+[^0-9]", re.IGNORECASE)
_EXPLANATION_LETTERS: Final = re.compile(r"%\{[crt]", re.IGNORECASE)


class SpfSyntaxError(ProtocolError):
    """The record is not SPF as the standard writes it: ``permerror``."""


@dataclass(frozen=True, slots=True)
class Directive:
    """One mechanism with its qualifier.

    Attributes:
        qualifier: ``+``, ``-``, ``~`` or ``?``.
        name: the mechanism, lower case.
        domain: its domain-spec, macros not expanded; empty when it has none.
        network: of ip4 and ip6.
        v4_bits, v6_bits: prefix lengths of a and mx.
    """

    qualifier: str
    name: str
    domain: str = ""
    network: ipaddress.IPv4Network | ipaddress.IPv6Network | None = None
    v4_bits: int = 32
    v6_bits: int = 128

    @property
    def needs_lookup(self) -> bool:
        """Tell whether it counts against the limit of ten (section 4.6.4)."""
        return self.name in ("include", "a", "mx", "ptr", "exists")


@dataclass(frozen=True, slots=True)
class SpfRecord:
    """A whole record: its directives in order, and its two modifiers."""

    directives: tuple[Directive, ...]
    redirect: str | None = None
    explanation: str | None = None

    @property
    def final_all(self) -> str | None:
        """Return the qualifier of ``all``, None when there is none."""
        return next((d.qualifier for d in self.directives if d.name == "all"), None)


def is_spf(text: str) -> bool:
    """Tell whether a TXT record is an SPF record (section 4.5)."""
    return text[:6].lower() == "v=spf1" and text[6:7] in ("", " ")


def is_macro_text(text: str) -> bool:
    """Tell whether an explanation is one: printable ASCII with well-formed macros."""
    return _MACRO_STRING.fullmatch(text.replace(" ", "")) is not None


def parse_record(text: str) -> SpfRecord:
    """Return the record.

    Raises:
        SpfSyntaxError: for anything the grammar does not allow, anywhere in the record.
    """
    if not is_spf(text) or len(text) > RECORD_MAX or not text.isascii():
        raise SpfSyntaxError("enregistrement SPF illisible")
    directives: list[Directive] = []
    modifiers: dict[str, str] = {}
    for term in text[6:].split(" "):
        if not term:
            continue
        if modifier := _MODIFIER.fullmatch(term):
            _add_modifier(modifiers, modifier["name"].lower(), modifier["value"])
        else:
            directives.append(_directive(term))
    return SpfRecord(tuple(directives), modifiers.get("redirect"), modifiers.get("exp"))


def _add_modifier(modifiers: dict[str, str], name: str, value: str) -> None:
    if name in ("redirect", "exp"):
        if name in modifiers:
            raise SpfSyntaxError(f"« {name}= » figure deux fois")
        modifiers[name] = _domain_spec(value, name)
    elif _MACRO_STRING.fullmatch(value) is None:
        raise SpfSyntaxError(f"valeur illisible dans « {name[:40]}= »")


def _directive(term: str) -> Directive:
    match = _DIRECTIVE.fullmatch(term)
    if match is None:
        raise SpfSyntaxError(f"terme inconnu « {term[:60]} »")
    qualifier, name, rest = match["qualifier"] or "+", match["name"].lower(), match["rest"]
    if name == "all":
        if rest:
            raise SpfSyntaxError(f"« {term[:60]} » : « all » ne prend rien")
        return Directive(qualifier, name)
    if name in ("ip4", "ip6"):
        return Directive(qualifier, name, network=_network(name, rest))
    if name in ("a", "mx"):
        return _with_lengths(qualifier, name, rest)
    if name == "ptr" and not rest:
        return Directive(qualifier, name)
    if not rest.startswith(":"):
        raise SpfSyntaxError(f"« {term[:60]} » : il manque un domaine")
    return Directive(qualifier, name, domain=_domain_spec(rest[1:], name))


def _network(name: str, rest: str) -> ipaddress.IPv4Network | ipaddress.IPv6Network:
    address, slash, bits = rest[1:].partition("/")
    if not rest.startswith(":") or (slash and not re.fullmatch(r"0|[1-9][0-9]{0,2}", bits)):
        raise SpfSyntaxError(f"réseau illisible « {name}{rest[:60]} »")
    try:
        kind = ipaddress.IPv4Network if name == "ip4" else ipaddress.IPv6Network
        if "%" in address:  # a zone index is no part of an address here
            raise ValueError(address)  # noqa: TRY301 - one way out
        return kind(f"{address}/{bits}" if slash else address, strict=False)
    except ValueError as error:
        raise SpfSyntaxError(f"réseau illisible « {name}{rest[:60]} »") from error


def _with_lengths(qualifier: str, name: str, rest: str) -> Directive:
    match = _LENGTHS.fullmatch(rest)
    domain = match["domain"] if match else ":"
    v4, v6 = (int(match["v4"] or 32), int(match["v6"] or 128)) if match else (0, 0)
    if v4 > 32 or v6 > 128 or (domain and not domain.startswith(":")):  # noqa: PLR2004 - bits
        raise SpfSyntaxError(f"terme illisible « {name}{rest[:60]} »")
    spec = _domain_spec(domain[1:], name) if domain else ""
    return Directive(qualifier, name, domain=spec, v4_bits=v4, v6_bits=v6)


def _domain_spec(text: str, where: str) -> str:
    if (
        not _DOMAIN_SPEC.fullmatch(text)
        or _ZERO_PARTS.search(text)
        or _EXPLANATION_LETTERS.search(text)
    ):
        raise SpfSyntaxError(f"domaine illisible « {text[:60]} » dans « {where} »")
    return text
