"""Ask the questions, keep the time, and turn whatever happens into an outcome.

A probe reports what it read; here its silence, refusal or nonsense becomes NotObserved with the
reason. "Unreachable" is an answer, and never good news.
"""

from __future__ import annotations

import asyncio
import ipaddress
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Final, TypeAlias

from hygie.engines.probing import dicom, dns, http, mail, mllp, services, tls
from hygie.engines.probing.errors import ProbeError
from hygie.engines.probing.politeness import time_limit
from hygie.engines.probing.ports import DEFAULT_PORTS, fitting_probes
from hygie.vocabulary.facts import NotObserved, Observation, Outcome

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import AsyncIterator, Iterable, Sequence

    from hygie.engines.probing.network import Network

_NAME_PROBES: Final[dict[str, Callable[..., Awaitable[Observation]]]] = {
    "dns": dns.observe,
    "mail": mail.observe,
}
_PORT_PROBES: Final[dict[str, Callable[..., Awaitable[Observation]]]] = {
    "tls": tls.observe,
    "http": http.observe,
    "tcp": services.observe,
    "dicom": dicom.observe,
    "mllp": mllp.observe,
}
PROBES: Final = (*_NAME_PROBES, *_PORT_PROBES)
BUDGET_S: Final = 15.0
AT_ONCE_PER_TARGET: Final = 4
SILENCES_MAX: Final = 12

_Question: TypeAlias = tuple[str, str, Callable[[], Awaitable[Observation]]]
"""Subject, probe, and the call that asks."""


@dataclass(frozen=True, slots=True)
class Target:
    """What the mandate lets us look at.

    Attributes:
        name: a domain, a host name or an address.
        ports: ports to look at; each probe's usual ports when empty.
        kinds: probes that make sense for this target; when empty, those that fit the ports,
            or every probe (``mail`` only when the name is a zone of its own).
    """

    name: str
    ports: tuple[int, ...] = ()
    kinds: tuple[str, ...] = ()


@dataclass(slots=True)
class _Machine:
    """Whether an address has shown any life, so that nobody knocks sixty times at no one's."""

    silences: int = 0
    alive: bool = False

    def note(self, outcome: Outcome) -> None:
        if isinstance(outcome, Observation) or outcome.reason in ("refused", "protocol"):
            self.alive = True
        elif outcome.reason in ("timeout", "unreachable"):
            self.silences += 1

    @property
    def is_mute(self) -> bool:
        return not self.alive and self.silences >= SILENCES_MAX


async def observe_target(
    target: Target,
    network: Network,
    *,
    now: dt.datetime,
    probes: Sequence[str] = PROBES,
    budget_s: float = BUDGET_S,
) -> list[Outcome]:
    """Put every fitting question of ``probes`` to ``target``, each within ``budget_s``.

    Returns:
        One outcome a question, in the order of PROBES then of ports. When the name has no
        address, the probes of ports give one outcome each, about the name. Nothing is raised
        for what a network or a peer does.
    """
    slots = asyncio.Semaphore(AT_ONCE_PER_TARGET)
    machine = _Machine()

    async def answer(question: _Question) -> Outcome:
        async with slots:
            subject, probe, _ = question
            if probe in _PORT_PROBES and machine.is_mute:
                return NotObserved(subject, probe, "timeout", "machine muette, non insisté", now)
            outcome = await _ask(question, now=now, budget_s=budget_s)
        if probe in _PORT_PROBES:
            machine.note(outcome)
        return outcome

    kinds = await _kinds(target, network, probes)
    questions: list[_Question] = [
        (target.name, kind, partial(_NAME_PROBES[kind], target.name, network, now=now))
        for kind in kinds
        if kind in _NAME_PROBES
    ]
    lost: list[Outcome] = []
    port_kinds = [kind for kind in kinds if kind in _PORT_PROBES]
    try:
        async with time_limit(budget_s):
            address = (await network.resolve(target.name))[0] if port_kinds else ""
    except (ProbeError, OSError) as error:
        lost = [not_observed(target.name, kind, error, now) for kind in port_kinds]
    else:
        questions += _port_questions(target, port_kinds, address, network, now)
    return [*await asyncio.gather(*map(answer, questions)), *lost]


async def observe_all(
    targets: Iterable[Target],
    network: Network,
    *,
    now: dt.datetime,
    probes: Sequence[str] = PROBES,
    budget_s: float = BUDGET_S,
    concurrency: int = 32,
) -> AsyncIterator[tuple[Target, list[Outcome]]]:
    """Yield each target with its outcomes as soon as they are there.

    ``targets`` is read as places free up: it may be long, or come from a database cursor.
    """

    async def one(target: Target) -> tuple[Target, list[Outcome]]:
        outcomes = await observe_target(target, network, now=now, probes=probes, budget_s=budget_s)
        return target, outcomes

    waiting = iter(targets)
    running: set[asyncio.Task[tuple[Target, list[Outcome]]]] = set()
    try:
        while True:
            while len(running) < concurrency and (target := next(waiting, None)) is not None:
                running.add(asyncio.create_task(one(target)))
            if not running:
                return
            done, running = await asyncio.wait(running, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                yield task.result()
    finally:
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)


async def _kinds(target: Target, network: Network, probes: Sequence[str]) -> list[str]:
    """Return the probes to run on ``target``, in the order of PROBES."""
    wanted = set(probes)
    if target.kinds:
        wanted &= set(target.kinds)
    elif target.ports:
        wanted &= {kind for port in target.ports for kind in fitting_probes(port)}
    elif _is_address(target.name):
        wanted -= set(_NAME_PROBES)
    elif "mail" in wanted and not await _is_zone(target.name, network):
        wanted.discard("mail")
    return [kind for kind in PROBES if kind in wanted]


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


async def _is_zone(name: str, network: Network) -> bool:
    """Tell whether mail rules are expected at ``name``: it has name servers, or we cannot know."""
    try:
        return (await network.query(name, "NS")).exists
    except (ProbeError, OSError):
        return True


def _port_questions(
    target: Target, kinds: Iterable[str], address: str, network: Network, now: dt.datetime
) -> list[_Question]:
    return [
        (
            f"{target.name}:{port}",
            kind,
            partial(_PORT_PROBES[kind], target.name, port, network, now=now, address=address),
        )
        for kind in kinds
        for port in _ports(target, kind)
    ]


def _ports(target: Target, kind: str) -> tuple[int, ...]:
    """Return where to ask ``kind``; ports and kinds both named are taken at their word."""
    if not target.ports:
        return DEFAULT_PORTS[kind]
    if target.kinds:
        return target.ports
    return tuple(port for port in target.ports if kind in fitting_probes(port))


async def _ask(question: _Question, *, now: dt.datetime, budget_s: float) -> Outcome:
    subject, probe, ask = question
    try:
        async with time_limit(budget_s):
            return await ask()
    except (ProbeError, OSError) as error:
        return not_observed(subject, probe, error, now)


def not_observed(
    subject: str, probe: str, error: ProbeError | OSError, now: dt.datetime
) -> NotObserved:
    """Say why a question got no answer, in the words of the vocabulary."""
    reason, detail = _reason(error)
    return NotObserved(subject=subject, probe=probe, reason=reason, detail=detail, at=now)


def _reason(error: ProbeError | OSError) -> tuple[str, str]:
    match error:
        case ProbeError():
            return error.reason, str(error)
        case TimeoutError():
            return "timeout", "pas de réponse dans le temps donné"
        case ConnectionRefusedError():
            return "refused", "connexion refusée"
        case ConnectionError():
            return "protocol", "le service a coupé la connexion"
        case _:
            return "unreachable", "machine injoignable"
