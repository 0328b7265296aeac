"""What callers send, read within bounds."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final, cast

from django.conf import settings
from django.utils.translation import gettext as _
from ninja.parser import Parser

from hygie.api.faults import invalid
from hygie.api.problems import MALFORMED, MEDIA, TOO_LARGE, ProblemError

if TYPE_CHECKING:
    from collections.abc import Collection

    from django.http import HttpRequest

MAX_JSON_BYTES: Final = 64 * 1024


class BoundedParser(Parser):
    """Reads a small JSON object; documents have their own door."""

    def parse_body(self, request: HttpRequest) -> dict[str, Any]:
        """Return the object sent.

        Raises:
            ProblemError: 413, 415 or 400.
        """
        _check_length(request, MAX_JSON_BYTES)
        _check_type(request, ("application/json",))
        try:
            return cast("dict[str, Any]", json.loads(request.body))
        except (ValueError, RecursionError) as error:
            raise ProblemError(MALFORMED, _("Le corps n’est pas du JSON.")) from error


def read_document(request: HttpRequest, media_types: Collection[str]) -> bytes:
    """Return the document sent as the body of a request.

    Raises:
        ProblemError: 415 for another media type, 413 past API_MAX_DOCUMENT_BYTES, 422 if empty.
    """
    bound = settings.API_MAX_DOCUMENT_BYTES
    _check_length(request, bound)
    _check_type(request, media_types)
    document = request.read(bound + 1)
    if len(document) > bound:
        raise _too_large(bound)
    if not document:
        raise invalid("body", "missing", _("document vide ; envoyez le fichier dans le corps"))
    return document


def refuse_forms(request: HttpRequest) -> None:
    """Refuse what no operation reads, before anything of Django's parses it.

    Raises:
        ProblemError: 415.
    """
    media_type = (request.content_type or "").lower()
    if media_type.startswith("multipart/") or media_type == "application/x-www-form-urlencoded":
        raise ProblemError(MEDIA, _("Envoyez du JSON ou le document lui-même, pas un formulaire."))


def small_body(request: HttpRequest) -> bytes:
    """Return a body that says nothing more than the address does, or a small JSON object.

    Raises:
        ProblemError: 413 past MAX_JSON_BYTES.
    """
    _check_length(request, MAX_JSON_BYTES)
    return request.body


def _check_length(request: HttpRequest, bound: int) -> None:
    announced = request.META.get("CONTENT_LENGTH") or "0"
    if not announced.isdigit():
        raise ProblemError(MALFORMED, _("Content-Length illisible."))
    if int(announced) > bound:
        raise _too_large(bound)


def _too_large(bound: int) -> ProblemError:
    return ProblemError(TOO_LARGE, _("{n} octets au plus.").format(n=bound))


def _check_type(request: HttpRequest, media_types: Collection[str]) -> None:
    if (request.content_type or "").lower() not in media_types:
        raise ProblemError(MEDIA, _("Types lus : {types}.").format(types=", ".join(media_types)))
