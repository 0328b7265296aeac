"""What a domain's SPF policy says by itself, before any message."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from hygie.engines.probing.spf import LOOKUPS_MAX
from hygie.engines.probing.spf_lookup import TemporaryError, published_record
from hygie.engines.probing.spf_record import SpfSyntaxError, parse_record

if TYPE_CHECKING:
    from hygie.engines.probing.network import Resolver

_WALK_MAX: Final = 20  # past twice the limit, the exact number of lookups teaches nothing


@dataclass(slots=True)
class SpfPolicy:
    """What a domain publishes.

    Attributes:
        record: the record as published; None when there is none.
        all: what it says of everybody else, ``-`` ``~`` ``?`` or ``+``, redirect followed;
            ``?`` when nothing is said (section 4.7); None without a readable record.
        lookups: terms that need the DNS, includes counted, were all of them evaluated.
        error: one French line when evaluation would end in an error; else None.
    """

    record: str | None = None
    all: str | None = None
    lookups: int = 0
    error: str | None = None


async def describe(domain: str, resolver: Resolver) -> SpfPolicy:
    """Return the policy of ``domain``, walking includes and redirects without any message.

    Terms with macros depend on the message: they are counted and not followed.

    Raises:
        ForbiddenError: if the resolver's guard refuses.
    """
    policy = SpfPolicy()
    try:
        policy.record = await published_record(domain, resolver)
        if policy.record is not None:
            policy.all = await _walk(policy.record, resolver, policy)
    except SpfSyntaxError as error:
        policy.error = str(error)
    except TemporaryError:
        policy.error = "le DNS ne répond pas pour un des domaines cités"
    if policy.error is None and policy.lookups > LOOKUPS_MAX:
        policy.error = f"{policy.lookups} recherches DNS, {LOOKUPS_MAX} au plus sont permises"
    return policy


async def _walk(text: str, resolver: Resolver, policy: SpfPolicy) -> str:
    """Count what ``text`` needs and return its final word."""
    record = parse_record(text)
    for directive in record.directives:
        policy.lookups += directive.needs_lookup
        if directive.name == "include":
            await _follow(directive.domain, "include", resolver, policy)
    if record.final_all or record.redirect is None:
        return record.final_all or "?"
    policy.lookups += 1
    return await _follow(record.redirect, "redirect", resolver, policy) or "?"


async def _follow(target: str, why: str, resolver: Resolver, policy: SpfPolicy) -> str | None:
    if "%" in target or policy.lookups > _WALK_MAX:
        return None
    text = await published_record(target.rstrip("."), resolver)
    if text is None:
        raise SpfSyntaxError(f"« {why} » de {target[:60]}, qui n’a pas de règle SPF")
    return await _walk(text, resolver, policy)
