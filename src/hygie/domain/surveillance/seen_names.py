"""Names that a round came across: in certificates, as servers of mail or names, in SPF. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from hygie.domain.surveillance.models import NameSource
from hygie.engines.exchange.scans.names import Found, plain_name
from hygie.vocabulary.facts import Observation

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from hygie.vocabulary.facts import Json, Outcome

MAX_NAMES: Final = 2_000
"""New names of one establishment in one round; a certificate of a host may bear a hundred."""


def names_seen(outcomes: Iterable[Outcome]) -> dict[NameSource, list[Found]]:
    """Return the names that answers bear, by where they were seen, each once."""
    found: dict[NameSource, list[Found]] = {}
    taken: set[str] = set()
    for outcome in outcomes:
        if not isinstance(outcome, Observation):
            continue
        for source, text in _names(outcome):
            name = plain_name(text)
            if name and name not in taken and len(taken) < MAX_NAMES:
                taken.add(name)
                found.setdefault(source, []).append(Found(name, outcome.subject))
    return found


def _names(seen: Observation) -> Iterator[tuple[NameSource, str]]:
    value = seen.value
    if seen.probe == "tls":
        certificate = value.get("certificate")
        names = certificate.get("names") if isinstance(certificate, dict) else None
        yield from ((NameSource.TLS, name) for name in _texts(names))
    elif seen.probe == "dns":
        yield from ((NameSource.NS, name) for name in _texts(value.get("name_servers")))
    elif seen.probe == "mail":
        yield from ((NameSource.MX, name) for name in _texts(value.get("mx")))
        yield from ((NameSource.SPF, name) for name in _spf(value.get("spf")))


def _spf(record: Json) -> Iterator[str]:
    """Yield the domains that an SPF record names (RFC 7208 § 5.2, § 6.1), macros left out."""
    words = record.split()[:200] if isinstance(record, str) else []
    for word in words:
        bare = word.lstrip("+-~?").lower()
        for start in ("include:", "redirect=", "a:", "mx:", "exists:"):
            if bare.startswith(start) and "%" not in bare:
                yield bare.removeprefix(start).partition("/")[0]


def _texts(value: Json) -> list[str]:
    values = value if isinstance(value, list) else []
    named = [
        each.get("host") or each.get("name") if isinstance(each, dict) else each for each in values
    ]
    return [each for each in named if isinstance(each, str)]
