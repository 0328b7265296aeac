"""Errors of the API as problem documents (RFC 9457), each with a stable ``type``.

Source: https://www.rfc-editor.org/rfc/rfc9457
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from django.utils.functional import _StrPromise

MEDIA_TYPE: Final = "application/problem+json"

_PREFIX: Final = "urn:hygie:problem:"


@dataclass(frozen=True, slots=True)
class ProblemKind:
    """A kind of error: the last part of its ``type``, its status, its title."""

    name: str
    status: int
    title: _StrPromise

    @property
    def type(self) -> str:
        """Return the URI that programs compare."""
        return f"{_PREFIX}{self.name}"


MALFORMED: Final = ProblemKind("malformed", 400, _("Requête illisible"))
UNAUTHENTICATED: Final = ProblemKind("unauthenticated", 401, _("Identification nécessaire"))
FORGED: Final = ProblemKind("forged", 403, _("Jeton CSRF absent ou périmé"))
NOT_FOUND: Final = ProblemKind("not-found", 404, _("Introuvable"))
METHOD: Final = ProblemKind("method-not-allowed", 405, _("Méthode non permise"))
CONFLICT: Final = ProblemKind("conflict", 409, _("L’objet n’est plus dans cet état"))
BUSY: Final = ProblemKind("busy", 409, _("Même requête en cours"))
STALE: Final = ProblemKind("stale", 412, _("L’objet a changé depuis votre lecture"))
TOO_LARGE: Final = ProblemKind("too-large", 413, _("Contenu trop volumineux"))
MEDIA: Final = ProblemKind("unsupported-media-type", 415, _("Format de contenu non lu"))
INVALID: Final = ProblemKind("invalid", 422, _("Paramètre refusé"))
REFUSED: Final = ProblemKind("refused", 422, _("Demande refusée"))
DOCUMENT: Final = ProblemKind("document-refused", 422, _("Document refusé"))
KEY_REUSED: Final = ProblemKind("idempotency-key-reused", 422, _("Clé d’idempotence déjà prise"))
TOO_MANY: Final = ProblemKind("too-many-requests", 429, _("Trop de requêtes"))
BROKEN: Final = ProblemKind("internal", 500, _("Erreur du service"))

KINDS: Final = (
    MALFORMED, UNAUTHENTICATED, FORGED, NOT_FOUND, METHOD, CONFLICT, BUSY, STALE, TOO_LARGE,
    MEDIA, INVALID, REFUSED, DOCUMENT, KEY_REUSED, TOO_MANY, BROKEN,
)  # fmt: skip
"""Every kind, in the order of statuses; the reference page lists them."""


class ProblemError(Exception):
    """Ends a call with a problem document.

    Args:
        kind: what went wrong.
        detail: what to do, in the caller's language.
        errors: faults one by one, each with ``place``, ``code`` and ``message``.
        headers: headers of the answer.
    """

    def __init__(
        self,
        kind: ProblemKind,
        detail: str | _StrPromise = "",
        *,
        errors: Sequence[Mapping[str, str]] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        self.kind = kind
        self.detail = detail
        self.errors = errors
        self.headers = dict(headers or {})
        super().__init__(kind.name)


def answer_with(error: ProblemError) -> HttpResponse:
    """Return the problem document of an error."""
    document: dict[str, Any] = {
        "type": error.kind.type,
        "title": str(error.kind.title),
        "status": error.kind.status,
    }
    if error.detail:
        document["detail"] = str(error.detail)
    if error.errors:
        document["errors"] = [dict(fault) for fault in error.errors]
    return HttpResponse(
        json.dumps(document, ensure_ascii=False),
        status=error.kind.status,
        content_type=MEDIA_TYPE,
        headers=error.headers,
    )
