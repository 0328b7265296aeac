"""The client: one method an operation, lists as iterators, writes that repeat safely."""

from __future__ import annotations

import time
import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, Self, TypeVar, cast

import httpx

from hygie_client.errors import error_of, wait_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import TracebackType

    from hygie_client import models

T = TypeVar("T")
Filter = str | int | bool | None

_RETRIED = frozenset({429, 502, 503, 504})
_FAILED = 400


@dataclass(frozen=True, slots=True)
class Read(Generic[T]):
    """An object as it was read; give ``etag`` back in ``if_match`` to act on this very state."""

    value: T
    etag: str


class Client:
    """A connection to one Hygie service.

    Args:
        base_url: address of the service, without ``/api``.
        token: secret of a service token.
        timeout_s: seconds one call may take.
        retries: times a call is sent again after a network failure, a 429 or a 502 to 504.
        longest_wait_s: a service that asks to wait longer is an error at once.
        transport: what carries the calls; tests give their own.
        sleep: waits; tests give their own.
    """

    def __init__(
        self,
        base_url: str,
        token: str,
        *,
        timeout_s: float = 30.0,
        retries: int = 2,
        longest_wait_s: int = 60,
        transport: httpx.BaseTransport | None = None,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._http = httpx.Client(
            base_url=f"{base_url.rstrip('/')}/api/v1/",
            headers={"Authorization": f"Bearer {token}", "User-Agent": "hygie-client/0.1"},
            timeout=timeout_s,
            transport=transport,
        )
        self._retries, self._longest_wait_s, self._sleep = retries, longest_wait_s, sleep

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def me(self) -> models.MeOut:
        """Tell who calls and what they may do."""
        return cast("models.MeOut", self._get("me"))

    def nodes(self, **filters: Filter) -> Iterator[models.NodeOut]:
        """Yield places; filters: q, kind, under, as_of."""
        return self._list("nodes", filters)

    def node(self, node_id: int, *, as_of: str | None = None) -> models.NodeDetail:
        """Return a place as it stood on a day."""
        return cast("models.NodeDetail", self._get(f"nodes/{node_id}", as_of=as_of))

    def children(self, node_id: int, **filters: Filter) -> Iterator[models.NodeOut]:
        """Yield the places directly under a place; filters: as_of."""
        return self._list(f"nodes/{node_id}/children", filters)

    def establishments(self, **filters: Filter) -> Iterator[models.EstablishmentOut]:
        """Yield establishments; filters: q, under."""
        return self._list("establishments", filters)

    def establishment(self, finess: str) -> models.EstablishmentDetail:
        """Return an establishment by its FINESS number."""
        return cast("models.EstablishmentDetail", self._get(f"establishments/{finess}"))

    def assets(self, node_id: int, **filters: Filter) -> Iterator[models.AssetOut]:
        """Yield what a place runs; filters: kind, criticality, q."""
        return self._list(f"nodes/{node_id}/assets", filters)

    def mandates(self, node_id: int) -> Iterator[models.MandateOut]:
        """Yield the mandates of a place and below."""
        return self._list(f"nodes/{node_id}/mandates", {})

    def mandate(self, mandate_id: int) -> models.MandateOut:
        """Return a mandate."""
        return cast("models.MandateOut", self._get(f"mandates/{mandate_id}"))

    def import_sbom(
        self,
        node_id: int,
        document: bytes,
        *,
        media_type: str = "application/octet-stream",
        key: str | None = None,
        **options: Filter,
    ) -> models.ImportOut:
        """Send an SBOM; options: dry_run, name, asset, criticality."""
        path = f"nodes/{node_id}/sboms"
        sent = self._send(path, options, content=document, media_type=media_type, key=key)
        return cast("models.ImportOut", sent.json())

    def import_inventory(
        self,
        node_id: int,
        document: bytes,
        *,
        name: str,
        media_type: str = "text/csv",
        key: str | None = None,
        **options: Filter,
    ) -> models.ImportOut:
        """Send an inventory; options: dry_run, kind, mapping, skip_errors."""
        path, asked = f"nodes/{node_id}/inventories", {"name": name, **options}
        sent = self._send(path, asked, content=document, media_type=media_type, key=key)
        return cast("models.ImportOut", sent.json())

    def findings(self, **filters: Filter) -> Iterator[models.FindingLine]:
        """Yield weaknesses; filters: state, decision, severity, origin, node, q, overdue, order."""
        return self._list("findings", filters)

    def finding(self, finding_id: int) -> Read[models.FindingDetail]:
        """Return a weakness and its ETag."""
        return _read(self._call("GET", f"findings/{finding_id}"))

    def finding_events(self, finding_id: int) -> Iterator[models.EventOut]:
        """Yield what happened to a weakness, newest first."""
        return self._list(f"findings/{finding_id}/events", {})

    def take(
        self, finding_id: int, *, if_match: str | None = None, key: str | None = None
    ) -> Read[models.FindingDetail]:
        """Say that you look after a weakness."""
        return self._move(finding_id, "take", None, if_match, key)

    def plan(
        self, finding_id: int, *, on: str, if_match: str | None = None, key: str | None = None
    ) -> Read[models.FindingDetail]:
        """Schedule the repair for a day, ``YYYY-MM-DD``."""
        return self._move(finding_id, "plan", {"on": on}, if_match, key)

    def accept(
        self,
        finding_id: int,
        *,
        until: str,
        reason: str,
        if_match: str | None = None,
        key: str | None = None,
    ) -> Read[models.FindingDetail]:
        """Accept the risk until a day, with the reason an auditor will read."""
        body = {"until": until, "reason": reason}
        return self._move(finding_id, "accept", body, if_match, key)

    def declare(
        self, finding_id: int, *, if_match: str | None = None, key: str | None = None
    ) -> Read[models.FindingDetail]:
        """Say that the repair is done."""
        return self._move(finding_id, "declare", None, if_match, key)

    def reopen(
        self, finding_id: int, *, if_match: str | None = None, key: str | None = None
    ) -> Read[models.FindingDetail]:
        """Undo the last plan, acceptance or declaration."""
        return self._move(finding_id, "reopen", None, if_match, key)

    def sightings(self, node_id: int, **filters: Filter) -> Iterator[models.SightingOut]:
        """Yield what was observed at a place and below; filters: probe, past."""
        return self._list(f"nodes/{node_id}/sightings", filters)

    def grades(self, node_id: int) -> Iterator[models.GradeOut]:
        """Yield the grades of a place, newest first."""
        return self._list(f"nodes/{node_id}/grades", {})

    def measures(self, node_id: int) -> list[models.MeasureOut]:
        """Return the measures of a place as of the last round."""
        found = cast("models.MeasureList", self._get(f"nodes/{node_id}/measures"))
        return found["items"]

    def readings(self, node_id: int, name: str) -> Iterator[models.ReadingOut]:
        """Yield the values of one measure of a place, newest first."""
        return self._list(f"nodes/{node_id}/measures/{name}", {})

    def rounds(self) -> Iterator[models.RoundOut]:
        """Yield the rounds that touched your territory, newest first."""
        return self._list("rounds", {})

    def round(self, round_id: int) -> models.RoundDetail:
        """Return a round: each step, and what failed."""
        return cast("models.RoundDetail", self._get(f"rounds/{round_id}"))

    def start_round(
        self, node_id: int, *, steps: list[models.Step] | None = None, key: str | None = None
    ) -> models.StartedOut:
        """Start a round of a place, or have the unfinished one go on."""
        body: dict[str, Any] = {"node_id": node_id}
        if steps is not None:
            body["steps"] = steps
        return cast("models.StartedOut", self._send("rounds", {}, json=body, key=key).json())

    def journal(self, **filters: Filter) -> Iterator[models.EntryOut]:
        """Yield lines; filters: action, subject_type, subject_id, actor, order."""
        return self._list("journal", filters)

    def reviews(self, **filters: Filter) -> Iterator[models.ReviewOut]:
        """Yield the files compared with the territory, newest first; filters: state."""
        return self._list("reviews", filters)

    def review(self, review_id: int) -> models.ReviewDetail:
        """Return a review with its numbers."""
        return cast("models.ReviewDetail", self._get(f"reviews/{review_id}"))

    def review_changes(self, review_id: int, **filters: Filter) -> Iterator[models.ReviewChangeOut]:
        """Yield the changes of a review, in the order of the file; filters: kind."""
        return self._list(f"reviews/{review_id}/changes", filters)

    def advisories(self, **filters: Filter) -> Iterator[models.AdvisoryLine]:
        """Yield what was published, newest first; filters: kind, q, since, concerned, node."""
        return self._list("advisories", filters)

    def advisory(self, advisory_id: int) -> models.AdvisoryDetail:
        """Return a publication, whom it concerns and what its revisions changed."""
        return cast("models.AdvisoryDetail", self._get(f"advisories/{advisory_id}"))

    def statements(self, **filters: Filter) -> Iterator[models.StatementOut]:
        """Yield "not affected because" of your places; filters: standing, q, node."""
        return self._list("vex-statements", filters)

    def national_statements(self, **filters: Filter) -> Iterator[models.StatementOut]:
        """Yield what manufacturers declare; filters: standing, q."""
        return self._list("vex-statements/national", filters)

    def declare_not_affected(
        self,
        finding_id: int,
        *,
        justification: str,
        impact: str,
        until: str,
        everywhere: bool = False,
        key: str | None = None,
    ) -> models.StatementOut:
        """Say why a known vulnerability does not concern you, until a day."""
        body = {
            "justification": justification,
            "impact": impact,
            "until": until,
            "everywhere": everywhere,
        }
        sent = self._send(f"findings/{finding_id}/not-affected", {}, json=body, key=key)
        return cast("models.StatementOut", sent.json())

    def approve_statement(
        self, statement_id: int, *, key: str | None = None
    ) -> models.StatementOut:
        """Agree with what somebody else declared."""
        sent = self._send(f"vex-statements/{statement_id}/approve", {}, key=key)
        return cast("models.StatementOut", sent.json())

    def revoke_statement(self, statement_id: int, *, key: str | None = None) -> models.StatementOut:
        """Take back a declaration."""
        sent = self._send(f"vex-statements/{statement_id}/revoke", {}, key=key)
        return cast("models.StatementOut", sent.json())

    def _move(
        self,
        finding_id: int,
        name: str,
        body: dict[str, Any] | None,
        if_match: str | None,
        key: str | None,
    ) -> Read[models.FindingDetail]:
        path = f"findings/{finding_id}/{name}"
        return _read(self._send(path, {}, json=body, if_match=if_match, key=key))

    def _get(self, path: str, **query: Filter) -> object:
        return self._call("GET", path, params=_query(query)).json()

    def _list(self, path: str, filters: dict[str, Filter]) -> Iterator[Any]:
        asked = _query(filters)
        while True:
            page = self._call("GET", path, params=asked).json()
            yield from page["items"]
            if page["next"] is None:
                return
            asked["cursor"] = page["next"]

    def _send(
        self,
        path: str,
        query: dict[str, Filter],
        *,
        json: dict[str, Any] | None = None,
        content: bytes | None = None,
        media_type: str | None = None,
        if_match: str | None = None,
        key: str | None = None,
    ) -> httpx.Response:
        headers = {"Idempotency-Key": key or str(uuid.uuid4())}
        headers |= {"Content-Type": media_type} if media_type else {}
        headers |= {"If-Match": if_match} if if_match else {}
        return self._call(
            "POST", path, params=_query(query), json=json, content=content, headers=headers
        )

    def _call(self, method: str, path: str, **options: Any) -> httpx.Response:  # noqa: ANN401 - httpx's options
        """Call, and again while it may help; the same key makes a write safe to repeat."""
        for left in range(self._retries, -1, -1):
            try:
                response = self._http.request(method, path, **options)
            except httpx.TransportError:
                if not left:
                    raise
                self._sleep(1.0)
                continue
            if response.status_code < _FAILED:
                return response
            wait = wait_of(response)
            if not left or response.status_code not in _RETRIED or wait > self._longest_wait_s:
                raise error_of(response)
            self._sleep(wait)
        raise AssertionError  # the last turn of the loop returns or raises


def _read(response: httpx.Response) -> Read[Any]:
    return Read(response.json(), response.headers.get("ETag", ""))


def _query(filters: dict[str, Filter]) -> dict[str, str]:
    """Write filters as the service reads them; None is not sent."""
    return {
        name: str(value).lower() if isinstance(value, bool) else str(value)
        for name, value in filters.items()
        if value is not None
    }
