"""Ask the questions, keep the time, and turn whatever happens into an outcome.

A probe reports what it read; here its silence, refusal or nonsense becomes NotObserved with the
reason. "Unreachable" is an answer, and never good news.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING, Final, TypeAlias

from hygie.engines.probing import (
    dane,
    delegation,
    dicom,
    dicomweb,
    dkim,
    dns,
    fhir,
    http,
    mail,
    mllp,
    mta_sts,
    services,
    starttls,
    tls,
    tls_depth,
    udp,
)
from hygie.engines.probing.errors import ProbeError
from hygie.engines.probing.passes import ALL_PROBES
from hygie.engines.probing.politeness import time_limit
from hygie.engines.probing.questions import (
    NAME_PROBES,
    Target,
    kinds_for,
    literal_version,
    ports_for,
)
from hygie.engines.probing.reasons import not_observed
from hygie.engines.probing.silence import is_filtered
from hygie.vocabulary.facts import NotObserved, Observation, Outcome

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import AsyncIterator, Iterable, Sequence

    from hygie.engines.probing.reach import Network

__all__ = ["PROBES", "Target", "not_observed", "observe_all", "observe_target"]

_PROBES: Final[dict[str, Callable[..., Awaitable[Observation]]]] = {
    "dns": dns.observe,
    "mail": mail.observe,
    "tls": tls.observe,
    "http": http.observe,
    "tcp": services.observe,
    "dicom": dicom.observe,
    "mllp": mllp.observe,
    "delegation": delegation.observe,
    "dkim": dkim.observe,
    "mta-sts": mta_sts.observe,
    "dane": dane.observe,
    "tls-depth": tls_depth.observe,
    "starttls": starttls.observe,
    "fhir": fhir.observe,
    "dicomweb": dicomweb.observe,
    "udp": udp.observe,
}
PROBES: Final = ALL_PROBES
BUDGET_S: Final = 15.0
AT_ONCE_PER_TARGET: Final = 4
SILENCES_MAX: Final = 12

_Question: TypeAlias = tuple[str, str, Callable[[], Awaitable[Observation]]]
"""Subject, probe, and the call that asks."""


@dataclass(slots=True)
class _Machine:
    """Whether an address has shown any life, so that nobody knocks sixty times at no one's.

    Attributes:
        silences: questions that met silence.
        alive: something came back, a refusal included.
        open_ports: ports that accepted a connection.
    """

    silences: int = 0
    alive: bool = False
    open_ports: list[int] = field(default_factory=list)

    def note(self, outcome: Outcome) -> None:
        if isinstance(outcome, Observation):
            self.alive = True
            port = _port_of(outcome.subject)
            shown = outcome.value.get("open", outcome.value.get("answers", True))
            if port and shown and outcome.probe != "udp" and port not in self.open_ports:
                self.open_ports.append(port)
        elif outcome.reason in ("refused", "protocol"):
            self.alive = True
        elif outcome.reason in ("timeout", "unreachable"):
            self.silences += 1

    @property
    def is_mute(self) -> bool:
        return not self.alive and self.silences >= SILENCES_MAX


def _port_of(subject: str) -> int | None:
    port = subject.rpartition(":")[2]
    return int(port) if port.isdigit() else None


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
        address, the probes of ports give one outcome each, about the name. A name with both
        kinds of address is asked about services at its IPv6 address too, by the deep pass,
        under the subject ``[address]:port``. Nothing is raised for what a network or a peer
        does.
    """
    kinds = await kinds_for(target, network, probes)
    port_kinds = [kind for kind in kinds if kind not in NAME_PROBES]
    questions: list[_Question] = [
        (target.name, kind, partial(_PROBES[kind], target.name, network, now=now))
        for kind in kinds
        if kind in NAME_PROBES
    ]
    lost: list[Outcome] = []
    addresses: tuple[str, ...] = ("",)
    try:
        async with time_limit(budget_s):
            addresses = await network.resolve(target.name) if port_kinds else ("",)
    except (ProbeError, OSError) as error:
        lost = [not_observed(target.name, kind, error, now) for kind in port_kinds]
        port_kinds = []
    at = partial(_port_questions, target, network=network, now=now)
    answer = partial(_answer_all, now=now, budget_s=budget_s)
    machine = _Machine()
    known = await answer([*questions, *at(port_kinds, addresses[0])], machine)
    if port_kinds:
        known = await _explain_silence(known, target, machine, network, addresses[0])
        if (other := _ipv6_beside(target, kinds, addresses)) is not None:
            known += await answer(at(["tcp"], other, subject=f"[{other}]"), _Machine())
    return [*known, *lost]


async def _answer_all(
    questions: Sequence[_Question], machine: _Machine, *, now: dt.datetime, budget_s: float
) -> list[Outcome]:
    """Put the questions to one machine, few at once, and stop knocking when it is mute."""
    slots = asyncio.Semaphore(AT_ONCE_PER_TARGET)

    async def answer(question: _Question) -> Outcome:
        async with slots:
            subject, probe, _ = question
            if probe not in NAME_PROBES and machine.is_mute:
                return NotObserved(subject, probe, "timeout", "machine muette, non insisté", now)
            outcome = await _ask(question, now=now, budget_s=budget_s)
        if probe not in NAME_PROBES and probe != "udp":
            machine.note(outcome)
        return outcome

    return [*await asyncio.gather(*map(answer, questions))]


async def _explain_silence(
    known: Sequence[Outcome], target: Target, machine: _Machine, network: Network, address: str
) -> list[Outcome]:
    """Turn the silence of a port into "filtered" where ``silence`` proves it."""
    filtered: set[str] = set()
    for port in target.silent:
        subject = f"{target.name}:{port}"
        seen = [one for one in known if one.subject == subject and one.probe != "udp"]
        mute = all(isinstance(one, NotObserved) and one.reason == "timeout" for one in seen)
        witnesses = [one for one in machine.open_ports if one != port]
        try:
            if seen and mute and witnesses:
                proven = await is_filtered(target.name, port, witnesses, network, address=address)
                filtered |= {subject} if proven else set()
        except ProbeError:
            continue  # stopped, or outside the mandate by now: silence it stays
    detail = "muet à chaque essai, alors que la machine répond ailleurs : port filtré"
    return [
        NotObserved(one.subject, one.probe, "filtered", detail, one.at)
        if one.subject in filtered and one.probe != "udp"
        else one
        for one in known
    ]


def _ipv6_beside(target: Target, kinds: Sequence[str], addresses: Sequence[str]) -> str | None:
    """Return an IPv6 address that the questions so far did not reach."""
    if not target.deep or "tcp" not in kinds or literal_version(addresses[0]) != 4:  # noqa: PLR2004
        return None
    return next((one for one in addresses if literal_version(one) == 6), None)  # noqa: PLR2004


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


def _port_questions(
    target: Target,
    kinds: Iterable[str],
    address: str,
    *,
    network: Network,
    now: dt.datetime,
    subject: str = "",
) -> list[_Question]:
    """Return the questions about ports at one address, under another subject when given."""

    def call(kind: str, port: int) -> Callable[[], Awaitable[Observation]]:
        return partial(_PROBES[kind], target.name, port, network, now=now, address=address)

    def renamed(kind: str, port: int) -> Callable[[], Awaitable[Observation]]:
        async def asked() -> Observation:
            return replace(await call(kind, port)(), subject=f"{subject}:{port}")

        return asked if subject else call(kind, port)

    return [
        (f"{subject or target.name}:{port}", kind, renamed(kind, port))
        for kind in kinds
        for port in ports_for(target, kind)
    ]


async def _ask(question: _Question, *, now: dt.datetime, budget_s: float) -> Outcome:
    subject, probe, ask = question
    try:
        async with time_limit(budget_s):
            return await ask()
    except (ProbeError, OSError) as error:
        outcome = not_observed(subject, probe, error, now)
        if probe in NAME_PROBES and outcome.reason == "refused":
            # It is our resolver that refused: this says nothing of the name.
            return replace(outcome, reason="unreachable", detail="résolveur injoignable")
        return outcome
