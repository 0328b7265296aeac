"""Does an imaging server answer a search over the web to somebody it does not know?

Value: answers (the search was accepted), path (where, or null), status (of the last answer, or
null), content_type (of the accepted answer, or null), refused (it asks who we are: the good
answer).

One QIDO-RS search for studies with ``limit=1`` (0 means "all" to some servers) at three usual
places; the head of the answer is read, its body never: it could name a patient. A refused
connection, or a peer that is not HTTP, gives answers false. Evidence: the status line and the
content type, nothing else. Source: DICOM PS3.18 section 10.6.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from hygie.engines.probing.errors import ProtocolError
from hygie.engines.probing.http import TLS_PORTS, fetch
from hygie.engines.probing.http_reader import read_response
from hygie.vocabulary.facts import Observation

if TYPE_CHECKING:
    import datetime as dt

    from hygie.engines.probing.http_reader import Response
    from hygie.engines.probing.reach import Network

PATHS: Final = (
    "/dicom-web/studies?limit=1",
    "/dicomweb/studies?limit=1",
    "/dcm4chee-arc/aets/DCM4CHEE/rs/studies?limit=1",
)
ACCEPT: Final = "application/dicom+json"
_ACCEPTED: Final = (200, 204, 206)
_REFUSALS: Final = (401, 403)
_KINDS: Final = re.compile(r"application/(?:dicom\+json|json)|multipart/related", re.IGNORECASE)


async def observe(
    host: str, port: int, network: Network, *, now: dt.datetime, address: str | None = None
) -> Observation:
    """Ask ``host:port`` whether it lets a stranger search.

    Raises:
        OSError, TimeoutError, ForbiddenError: if it cannot be reached or says nothing.
    """
    scheme = "https" if port in TLS_PORTS else "http"
    path: str | None = None
    response: Response | None = None
    refused = False
    for candidate in PATHS:
        try:
            page = await fetch(
                candidate,
                scheme,
                (host, port),
                network,
                address=address,
                accept=ACCEPT,
                head_only=True,
            )
            response = read_response(page.data)
        except (ProtocolError, ConnectionError):
            break  # no HTTP here, or nothing any more
        if is_search_result(response):
            path = candidate.partition("?")[0]
            break
        refused = refused or response.status in _REFUSALS
    kind = response.header("content-type") if response else None
    return Observation(
        subject=f"{host}:{port}",
        probe="dicomweb",
        value={
            "answers": path is not None,
            "path": path,
            "status": response.status if response else None,
            "content_type": kind[:100] if path and kind else None,
            "refused": refused and path is None,
        },
        evidence=f"{response.status} {kind or ''}"[:200].encode() if response else b"",
        at=now,
    )


def is_search_result(response: Response) -> bool:
    """Tell whether the head is that of a QIDO-RS answer, empty ones (204) included."""
    if response.status == 204:  # noqa: PLR2004 - no study
        return True
    kind = response.header("content-type") or ""
    return response.status in _ACCEPTED and bool(_KINDS.match(kind))
