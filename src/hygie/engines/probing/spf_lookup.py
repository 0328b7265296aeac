"""How SPF asks the DNS: what cannot be a name does not exist, a mute server is temporary."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from hygie.engines.probing.dnswire import DnsAnswer
from hygie.engines.probing.errors import ForbiddenError, ProbeError
from hygie.engines.probing.spf_macros import NAME_MAX
from hygie.engines.probing.spf_record import SpfSyntaxError, is_spf

if TYPE_CHECKING:
    from hygie.engines.probing.network import Resolver

_LABEL: Final = re.compile(r"[ -\-/-~]{1,63}")


class TemporaryError(Exception):
    """The DNS could not say: ``temperror``."""


def is_checkable(domain: str, *, alone: bool = False) -> bool:
    """Tell whether a name can be asked for (section 4.3); ``alone`` allows a single label."""
    labels = domain.split(".")
    return (
        len(domain) <= NAME_MAX
        and all(_LABEL.fullmatch(label) for label in labels)
        and (alone or len(labels) > 1)
    )


async def ask(resolver: Resolver, name: str, kind: str) -> DnsAnswer:
    """Return the answer; a name that cannot exist does not.

    Raises:
        TemporaryError: if no server can say.
        ForbiddenError: if the resolver's guard refuses.
    """
    if not is_checkable(name, alone=True):
        return DnsAnswer("NXDOMAIN")
    try:
        answer = await resolver.query(name.replace("\\", "\\\\"), kind)
    except ForbiddenError:
        raise
    except (ProbeError, OSError) as error:
        raise TemporaryError from error
    if answer.failed:
        raise TemporaryError
    return answer


async def published_record(domain: str, resolver: Resolver) -> str | None:
    """Return the domain's SPF record, None when it has none.

    Raises:
        SpfSyntaxError: if it has several (section 4.5).
        TemporaryError: if the DNS cannot say.
    """
    found = [text for text in (await ask(resolver, domain, "TXT")).records if is_spf(text)]
    if len(found) > 1:
        raise SpfSyntaxError("plusieurs enregistrements SPF")
    return found[0] if found else None
