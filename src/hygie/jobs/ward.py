"""The one place that says what may leave: mandate, window, revocation, emergency stop.

Probes run in a thread with its event loop; the calling thread reads the database several times a
second and tells the ward. So a stop or a revocation written by anybody, on any machine, holds
within a second in every process: new connections are refused and those under way are cut. Should
the database not answer, the ward takes no news for bad news and refuses.
"""

from __future__ import annotations

import asyncio
import logging
import threading
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.db import DatabaseError, connection

from hygie.domain.estate.mandates import allowing, is_open
from hygie.domain.estate.models import Mandate
from hygie.domain.surveillance.stopping import stopped_among
from hygie.engines.probing.errors import ForbiddenError, StoppedError

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Coroutine, Mapping, Sequence

    from hygie.domain.estate.mandates import Permission
    from hygie.engines.probing.connection import Connection
    from hygie.engines.probing.dnsclient import DnsAnswer
    from hygie.engines.probing.network import Network

_LOG: Final = logging.getLogger(__name__)

READ_EVERY_S: Final = 0.2
CUT_EVERY_S: Final = 0.1
STALE_S: Final = 0.6
"""With the two above, a stop holds in under a second; older news is waited for."""
NEWS_WAIT_S: Final = 10.0


@dataclass(frozen=True, slots=True)
class Standing:
    """What forbids, as the database says: places stopped, mandates revoked, by key."""

    stopped: frozenset[int] = frozenset()
    revoked: frozenset[int] = frozenset()


class Ward:
    """Answers before each packet whether it may leave.

    Args:
        sites: the permissions of each establishment about to be probed.
        clock: tells the time.
        standing: what forbids at the start.
    """

    def __init__(
        self,
        sites: Mapping[int, Sequence[Permission]],
        clock: Callable[[], dt.datetime],
        standing: Standing,
    ) -> None:
        self._sites = dict(sites)
        self._clock = clock
        self._standing = standing
        self._read_at = time.monotonic()
        self._news = threading.Condition()
        self._over = False

    def check(self, host: str, address: str, port: int) -> None:  # noqa: ARG002 - the guard's signature
        """Return if a packet may leave for ``host`` now.

        An empty address is a question to our own resolver: it reaches nobody, and names of third
        parties (SPF includes, name servers) are part of the answer. It needs an open mandate.

        Raises:
            StoppedError: if surveillance is stopped there, or nobody knows whether it is.
            ForbiddenError: if no open mandate covers it.
        """
        standing, now = self._fresh(), self._clock()
        if self._allows(host, address, now, standing):
            return
        if self._allows(host, address, now, Standing(revoked=standing.revoked)):
            raise StoppedError("surveillance arrêtée d’urgence ; rien n’est envoyé")
        raise ForbiddenError(f"{host} n’est couvert par aucun mandat ouvert ; rien n’est envoyé")

    def forbids(self, host: str, address: str) -> bool:
        """Tell whether a connection under way must be cut."""
        return not self._allows(host, address, self._clock(), self._standing)

    def tell(self, standing: Standing) -> None:
        """Say what the database says now."""
        with self._news:
            self._standing, self._read_at = standing, time.monotonic()
            self._news.notify_all()

    def close(self) -> None:
        """Stop waiting for news: nobody brings any after the probes."""
        with self._news:
            self._over = True
            self._news.notify_all()

    def _fresh(self) -> Standing:
        with self._news:
            if self._news.wait_for(self._is_fresh, NEWS_WAIT_S):
                return self._standing
        raise StoppedError("la base ne dit plus si la surveillance est arrêtée ; rien n’est envoyé")

    def _is_fresh(self) -> bool:
        return self._over or time.monotonic() - self._read_at < STALE_S

    def _allows(self, host: str, address: str, now: dt.datetime, standing: Standing) -> bool:
        permissions = [
            permission
            for node_id, held in self._sites.items()
            if node_id not in standing.stopped
            for permission in held
            if permission.mandate_id not in standing.revoked
        ]
        if not address:
            return any(is_open(permission, now) for permission in permissions)
        return allowing(permissions, host, now, address) is not None


class WardedNetwork:
    """A network whose open connections are cut as soon as the ward forbids their host."""

    def __init__(self, network: Network, ward: Ward) -> None:
        self._network = network
        self._ward = ward
        self._open: list[tuple[str, str, Connection]] = []
        self.user_agent = network.user_agent
        self.extra_roots = network.extra_roots
        self.trust_anchors = network.trust_anchors

    async def query(self, name: str, rdtype: str, *, checking_disabled: bool = False) -> DnsAnswer:
        """Ask the resolver."""
        return await self._network.query(name, rdtype, checking_disabled=checking_disabled)

    async def resolve(self, name: str) -> tuple[str, ...]:
        """Return the addresses of ``name``."""
        return await self._network.resolve(name)

    async def open(self, host: str, port: int, *, address: str | None = None) -> Connection:
        """Connect, and keep an eye on the connection."""
        made = await self._network.open(host, port, address=address)
        self._open.append((host, address or host, made))
        return made

    async def exchange(
        self, host: str, port: int, data: bytes, *, address: str | None = None
    ) -> bytes:
        """Send one datagram; the guard is asked before it leaves, nothing stays open."""
        return await self._network.exchange(host, port, data, address=address)

    async def query_at(self, server: str, name: str, rdtype: str) -> DnsAnswer:
        """Ask one name server, within the mandate as any other machine."""
        return await self._network.query_at(server, name, rdtype)

    async def cut_what_is_forbidden(self) -> None:
        """Look again and again, until cancelled."""
        while True:
            await asyncio.sleep(CUT_EVERY_S)
            kept = []
            for host, address, made in self._open:
                if made.is_closed():
                    continue
                if self._ward.forbids(host, address):
                    made.close()
                else:
                    kept.append((host, address, made))
            self._open = kept


def read_standing(sites: Mapping[int, Sequence[Permission]]) -> Standing:
    """Return what the database says of these places and their mandates now."""
    mandates = [permission.mandate_id for held in sites.values() for permission in held]
    revoked = Mandate.objects.filter(pk__in=mandates, revoked_at__isnull=False)
    return Standing(
        stopped=stopped_among(list(sites)), revoked=frozenset(revoked.values_list("pk", flat=True))
    )


def under_ward(
    sites: Mapping[int, Sequence[Permission]],
    clock: Callable[[], dt.datetime],
    work: Callable[[Ward], Coroutine[object, object, None]],
) -> None:
    """Run ``work`` in a thread of its own while this one keeps its ward informed."""
    ward = Ward(sites, clock, read_standing(sites))
    done, failures = threading.Event(), list[BaseException]()

    def body() -> None:
        try:
            asyncio.run(work(ward))
        except BaseException as error:  # noqa: BLE001 - raised again in the caller's thread
            failures.append(error)
        finally:
            done.set()

    thread = threading.Thread(target=body, name="probes", daemon=True)
    thread.start()
    try:
        while not done.wait(READ_EVERY_S):
            _bring_news(ward, sites)
    finally:
        if not done.is_set():  # interrupted: everything is forbidden from here on
            ward.tell(Standing(stopped=frozenset(sites)))
            done.wait(2 * CUT_EVERY_S)
        ward.close()
    thread.join()
    if failures:
        raise failures[0]


def _bring_news(ward: Ward, sites: Mapping[int, Sequence[Permission]]) -> None:
    try:
        ward.tell(read_standing(sites))
    except DatabaseError:
        _LOG.warning("emergency stop could not be read; nothing leaves", exc_info=True)
        connection.close()
