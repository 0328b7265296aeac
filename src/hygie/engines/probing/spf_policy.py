"""What a domain's SPF policy says by itself, before any message."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from hygie.engines.probing.errors import ForbiddenError, StoppedError, UnresolvedError
from hygie.engines.probing.spf import LOOKUPS_MAX
from hygie.engines.probing.spf_lookup import TemporaryError, published_record
from hygie.engines.probing.spf_record import SpfSyntaxError, parse_record

if TYPE_CHECKING:
    from hygie.engines.probing.network import Resolver
    from hygie.engines.probing.spf_record import SpfRecord

_WALK_MAX: Final = 20  # past twice the limit, the exact number of lookups teaches nothing


@dataclass(frozen=True, slots=True)
class SpfPolicy:
    """What a domain publishes.

    Attributes:
        record: the record as published; None when there is none.
        all: what it says of everybody else, ``-`` ``~`` ``?`` or ``+``, redirect followed;
            ``?`` when nothing is said (section 4.7); None without a readable record.
        lookups: terms that need the DNS, includes counted, were all of them evaluated; None
            when an included domain could not be read.
        error: one French line when evaluation would end in a permanent error; else None.
    """

    record: str | None = None
    all: str | None = None
    lookups: int | None = 0
    error: str | None = None


async def describe(domain: str, resolver: Resolver) -> SpfPolicy:
    """Return the policy of ``domain``, walking includes and redirects without any message.

    Terms with macros depend on the message: they are counted and not followed. A domain named
    by the record that is mute, or that the guard refuses, is no fault of the record.

    Raises:
        UnresolvedError: if the domain's own servers do not answer.
        ForbiddenError: if the resolver's guard refuses the domain itself, or stops everything.
    """
    try:
        text = await published_record(domain, resolver)
    except SpfSyntaxError as error:
        return SpfPolicy(error=str(error))
    except TemporaryError as error:
        raise UnresolvedError(f"les serveurs de noms de {domain} ne répondent pas") from error
    if text is None:
        return SpfPolicy()
    walk = _Walk(resolver)
    try:
        final = await walk.through(parse_record(text))
    except SpfSyntaxError as error:
        return SpfPolicy(text, walk.final, walk.lookups, str(error))
    except StoppedError:
        raise
    except (TemporaryError, ForbiddenError):
        return SpfPolicy(text, walk.final, None)
    return SpfPolicy(text, final, walk.lookups, _excess(walk.lookups))


def _excess(lookups: int) -> str | None:
    if lookups <= LOOKUPS_MAX:
        return None
    return f"{lookups} recherches DNS, {LOOKUPS_MAX} au plus sont permises"


@dataclass(slots=True)
class _Walk:
    """What has been counted so far, and the final word of the domain's own record."""

    resolver: Resolver
    lookups: int = 0
    final: str | None = None
    started: bool = False

    async def through(self, record: SpfRecord) -> str:
        """Count what ``record`` needs and return its final word."""
        if not self.started:
            self.started = True
            self.final = record.final_all or (None if record.redirect else "?")
        for directive in record.directives:
            self.lookups += directive.needs_lookup
            if directive.name == "include":
                await self._follow(directive.domain, "include")
        if record.final_all or record.redirect is None:
            return record.final_all or "?"
        self.lookups += 1
        return await self._follow(record.redirect, "redirect") or "?"

    async def _follow(self, target: str, why: str) -> str | None:
        if "%" in target or self.lookups > _WALK_MAX:
            return None
        text = await published_record(target.rstrip("."), self.resolver)
        if text is None:
            raise SpfSyntaxError(f"« {why} » de {target[:60]}, qui n’a pas de règle SPF")
        return await self.through(parse_record(text))
