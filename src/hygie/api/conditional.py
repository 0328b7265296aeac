"""Entity tags: the hash of what is sent, so that the same bytes are never sent twice.

Source: https://www.rfc-editor.org/rfc/rfc9110#name-conditional-requests
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Final

from django.http import HttpResponseNotModified
from django.utils.http import parse_etags
from django.utils.translation import gettext as _

from hygie.api.problems import STALE, ProblemError

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

_OK: Final = 200


def etag_of(content: bytes) -> str:
    """Return the strong entity tag of a body."""
    return f'"{hashlib.sha256(content).hexdigest()[:32]}"'


def tagged(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Give an answer its tag, or say that the caller has it already."""
    if response.status_code != _OK:
        return response
    tag = etag_of(response.content)
    response["ETag"] = tag
    known = parse_etags(request.headers.get("If-None-Match", ""))
    if request.method != "GET" or not ("*" in known or _weak(tag) in map(_weak, known)):
        return response
    unchanged = HttpResponseNotModified()
    unchanged["ETag"] = tag
    return unchanged


def check_unchanged(request: HttpRequest, content: bytes) -> None:
    """Go on only if the caller read what is there now; without If-Match they do not mind.

    Raises:
        ProblemError: 412, if what is there changed since.
    """
    wanted = parse_etags(request.headers.get("If-Match", "*"))
    if "*" not in wanted and etag_of(content) not in wanted:
        raise ProblemError(STALE, _("Relisez l’objet, puis décidez de nouveau."))


def _weak(tag: str) -> str:
    return tag.removeprefix("W/")
