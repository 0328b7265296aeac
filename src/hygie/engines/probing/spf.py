"""Sender Policy Framework, RFC 7208 in full: may this address send mail for this domain?

``check_host`` is the function of section 4, with the resolver passed in. ``spf_policy.describe``
reads a domain's policy without any message.
"""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from hygie.engines.probing.spf_lookup import (
    TemporaryError,
    ask,
    is_checkable,
    published_record,
)
from hygie.engines.probing.spf_macros import (
    MacroValues,
    expand,
    expand_name,
    wants_validated_name,
)
from hygie.engines.probing.spf_record import (
    Directive,
    SpfRecord,
    SpfSyntaxError,
    is_macro_text,
    parse_record,
)

if TYPE_CHECKING:
    import datetime as dt

    from hygie.engines.probing.dnswire import DnsAnswer
    from hygie.engines.probing.network import Resolver
    from hygie.engines.probing.spf_record import Address

LOOKUPS_MAX: Final = 10
VOID_LOOKUPS_MAX: Final = 2
_NAMES_MAX: Final = 10  # names tried in one mx or ptr
_EXPLANATION_MAX: Final = 500


class SpfWord(StrEnum):
    """Results of section 2.6."""

    NONE = "none"
    NEUTRAL = "neutral"
    PASS = "pass"  # noqa: S105 - the standard's word
    FAIL = "fail"
    SOFTFAIL = "softfail"
    TEMPERROR = "temperror"
    PERMERROR = "permerror"


@dataclass(frozen=True, slots=True)
class SpfResult:
    """What ``check_host`` answers.

    Attributes:
        word: the result; compares equal to its text, ``"pass"``.
        explanation: the domain's own text for a fail, macros expanded; empty when none.
        mechanism: the mechanism that decided, as ``-all``; empty when none did.
        reason: one French line for an error; empty otherwise.
        lookups: terms that needed the DNS.
        void_lookups: DNS questions that had no answer.
    """

    word: SpfWord
    explanation: str = ""
    mechanism: str = ""
    reason: str = ""
    lookups: int = 0
    void_lookups: int = 0


_BY_QUALIFIER: Final = {
    "+": SpfWord.PASS,
    "-": SpfWord.FAIL,
    "~": SpfWord.SOFTFAIL,
    "?": SpfWord.NEUTRAL,
}


async def check_host(
    ip: Address | str,
    domain: str,
    sender: str,
    helo: str,
    resolver: Resolver,
    *,
    receiver: str = "unknown",
    now: dt.datetime | None = None,
) -> SpfResult:
    """Return whether ``ip`` may send mail as ``sender``, by the rules of ``domain``.

    Args:
        ip: address of the client; IPv4 written inside IPv6 is read as IPv4.
        domain: where the rules are; the sender's domain, or the HELO name.
        sender: MAIL FROM; ``postmaster@helo`` when empty, and postmaster when without local part.
        helo: name given in HELO or EHLO.
        resolver: answers DNS questions.
        receiver: name of the receiving host, ``%{r}``.
        now: aware time, ``%{t}``.

    Raises:
        ValueError: if ``ip`` is not an address.
        ForbiddenError: if the resolver's guard refuses.
    """
    address = ipaddress.ip_address(ip) if isinstance(ip, str) else ip
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped:
        address = address.ipv4_mapped
    local, _, sender_domain = (sender or f"postmaster@{helo}").rpartition("@")
    values = MacroValues(
        ip=address,
        domain=domain,
        sender=f"{local or 'postmaster'}@{sender_domain}",
        helo=helo,
        receiver=receiver,
        at=now,
    )
    check = _Check(resolver)
    result = await check.run(domain.rstrip("."), values)
    return replace(result, lookups=check.lookups, void_lookups=check.void_lookups)


@dataclass(slots=True)
class _Check:
    """One evaluation, with the counters that its includes and redirects share."""

    resolver: Resolver
    lookups: int = 0
    void_lookups: int = 0
    validated: dict[str, str] = field(default_factory=dict)

    async def run(self, domain: str, values: MacroValues, *, inner: bool = False) -> SpfResult:
        """Evaluate one domain's record; ``inner`` evaluations of ``include`` explain nothing."""
        if not is_checkable(domain):
            return SpfResult(SpfWord.NONE)
        try:
            text = await published_record(domain, self.resolver)
            if text is None:
                return SpfResult(SpfWord.NONE)
            record = parse_record(text)
            return await self._evaluate(record, replace(values, domain=domain), inner=inner)
        except SpfSyntaxError as error:
            return SpfResult(SpfWord.PERMERROR, reason=str(error))
        except TemporaryError:
            return SpfResult(SpfWord.TEMPERROR, reason=f"le DNS ne répond pas pour {domain}")

    async def _evaluate(self, record: SpfRecord, values: MacroValues, *, inner: bool) -> SpfResult:
        for directive in record.directives:
            if directive.needs_lookup:
                self._count()
            if await self._matches(directive, values):
                word = _BY_QUALIFIER[directive.qualifier]
                text = ""
                if word is SpfWord.FAIL and record.explanation and not inner:
                    text = await self._explanation(record.explanation, values)
                return SpfResult(word, text, f"{directive.qualifier}{directive.name}")
        if record.redirect is None:
            return SpfResult(SpfWord.NEUTRAL)
        self._count()
        target = await self._name(record.redirect, values)
        result = await self.run(target, values, inner=inner)
        if result.word is SpfWord.NONE:
            raise SpfSyntaxError(f"« redirect » mène à {target[:60]}, qui n’a pas de règle SPF")
        return result

    def _count(self) -> None:
        self.lookups += 1
        if self.lookups > LOOKUPS_MAX:
            raise SpfSyntaxError(f"plus de {LOOKUPS_MAX} recherches DNS")

    async def _matches(self, directive: Directive, values: MacroValues) -> bool:
        match directive.name:
            case "all":
                return True
            case "ip4" | "ip6":
                return directive.network is not None and values.ip in directive.network
        domain = await self._name(directive.domain or "%{d}", values)
        if directive.name == "include":
            return await self._includes(domain, values)
        return is_checkable(domain, alone=True) and await self._leads_to(domain, directive, values)

    async def _leads_to(self, domain: str, directive: Directive, values: MacroValues) -> bool:
        match directive.name:
            case "a":
                return await self._is_address_of([domain], directive, values.ip)
            case "mx":
                return await self._is_mail_server_of(domain, directive, values.ip)
            case "exists":
                return (await self._counted(domain, "A")).exists
            case _:  # ptr
                return await self._validated_name(values.ip, domain, anywhere=False) is not None

    async def _includes(self, domain: str, values: MacroValues) -> bool:
        """Apply the table of section 5.2."""
        result = await self.run(domain, values, inner=True)
        match result.word:
            case SpfWord.PASS:
                return True
            case SpfWord.TEMPERROR:
                raise TemporaryError
            case SpfWord.PERMERROR:
                raise SpfSyntaxError(result.reason)
            case SpfWord.NONE:
                raise SpfSyntaxError(f"« include » de {domain[:60]}, qui n’a pas de règle SPF")
            case _:
                return False

    async def _is_address_of(self, names: list[str], directive: Directive, ip: Address) -> bool:
        bits = directive.v4_bits if isinstance(ip, ipaddress.IPv4Address) else directive.v6_bits
        network = ipaddress.ip_network(f"{ip}/{bits}", strict=False)
        for name in names:
            answer = await self._counted(name, _address_type(ip))
            if any(ipaddress.ip_address(record) in network for record in answer.records):
                return True
        return False

    async def _is_mail_server_of(self, domain: str, directive: Directive, ip: Address) -> bool:
        names = [record.split()[1] for record in (await self._counted(domain, "MX")).records]
        if len(names) > _NAMES_MAX:
            raise SpfSyntaxError(f"« mx » de {domain[:60]} : plus de {_NAMES_MAX} serveurs")
        return await self._is_address_of([n for n in names if n != "."], directive, ip)

    async def _validated_name(self, ip: Address, domain: str, *, anywhere: bool) -> str | None:
        """Return a name of ``ip`` that leads back to it, within ``domain`` or anywhere (5.5).

        An error of the DNS means that no name is found, never an error of SPF.
        """
        names: list[str] = []
        try:
            names = [*(await self._ask(ip.reverse_pointer, "PTR")).records][:_NAMES_MAX]
        except TemporaryError:
            return None
        wanted = domain.lower().rstrip(".")
        under = [name for name in names if anywhere or f".{name}".endswith(f".{wanted}")]
        for name in sorted(under, key=lambda name: name != wanted):
            try:
                answer = await self._ask(name, _address_type(ip))
            except TemporaryError:
                continue
            if any(ipaddress.ip_address(record) == ip for record in answer.records):
                return name
        return None

    async def _name(self, text: str, values: MacroValues) -> str:
        return expand_name(text, await self._with_validated_name(text, values))

    async def _with_validated_name(self, text: str, values: MacroValues) -> MacroValues:
        """Resolve ``%{p}`` where it is wanted: the domain itself, below it, or any name."""
        if not wants_validated_name(text):
            return values
        ip, domain = values.ip, values.domain
        if domain not in self.validated:
            self.validated[domain] = (
                await self._validated_name(ip, domain, anywhere=False)
                or await self._validated_name(ip, domain, anywhere=True)
                or "unknown"
            )
        return replace(values, validated_name=self.validated[domain])

    async def _explanation(self, spec: str, values: MacroValues) -> str:
        """Return the domain's text for a fail; any trouble means none (section 6.2)."""
        try:
            texts = (await self._ask(await self._name(spec, values), "TXT")).records
            if len(texts) != 1 or not is_macro_text(texts[0]):
                return ""
            text = texts[0]
            return expand(text, await self._with_validated_name(text, values))[:_EXPLANATION_MAX]
        except TemporaryError:
            return ""

    async def _counted(self, name: str, kind: str) -> DnsAnswer:
        """Ask, and count an empty answer against the limit of section 4.6.4."""
        answer = await self._ask(name, kind)
        if not answer.exists:
            self.void_lookups += 1
            if self.void_lookups > VOID_LOOKUPS_MAX:
                raise SpfSyntaxError(f"plus de {VOID_LOOKUPS_MAX} recherches DNS sans réponse")
        return answer

    async def _ask(self, name: str, kind: str) -> DnsAnswer:
        return await ask(self.resolver, name, kind)


def _address_type(ip: Address) -> str:
    return "A" if isinstance(ip, ipaddress.IPv4Address) else "AAAA"
