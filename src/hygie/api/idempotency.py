"""A write sent twice is done once: its answer is kept with what it wrote.

The key and the answer are written in the transaction of the write itself. A process that dies
leaves neither; a second call that comes meanwhile waits for the first, then repeats its answer.

Source: https://datatracker.ietf.org/doc/draft-ietf-httpapi-idempotency-key-header/
"""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from contextlib import contextmanager
from dataclasses import dataclass
from functools import wraps
from typing import TYPE_CHECKING, Any, Final, TypeVar

from django.db import OperationalError, connection, transaction
from django.http import HttpResponse
from django.utils.translation import gettext as _

from hygie.api.asking import asker
from hygie.api.faults import invalid
from hygie.api.models import GivenAnswer
from hygie.api.problems import BUSY, KEY_REUSED, ProblemError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from django.http import HttpRequest

T = TypeVar("T")

HEADER: Final = "Idempotency-Key"
KEPT: Final = dt.timedelta(hours=24)
"""How long an answer is kept; a client that retries later asks anew."""

PATTERN: Final = r"^[A-Za-z0-9._:-]{8,64}$"
_KEY: Final = re.compile(PATTERN)
_MEDIA_TYPE: Final = "application/json; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Answer:
    """What a write answers: status, body already written as JSON, other headers."""

    status: int
    content: bytes
    location: str = ""


def once(
    request: HttpRequest, body: bytes, write: Callable[[], Answer], *, now: dt.datetime
) -> HttpResponse:
    """Run ``write`` in a transaction, unless its answer is known: then give it again.

    Only what succeeded is kept; a refusal is examined anew each time. Rights are the
    caller's to check first: an answer is not given again to who may no longer have it.

    Raises:
        ProblemError: if the key is missing or malformed, serves another request, or is in use
            by a call that takes long.
    """
    key, digest = _key(request), _digest(request, body)
    with transaction.atomic():
        row, is_new = _claim(request, key, digest, now)
        if not is_new:
            return _again(row, digest)
        answer = write()
        row.status, row.body = answer.status, answer.content
        row.headers = {"Location": answer.location} if answer.location else {}
        row.save(update_fields=["status", "body", "headers"])
    return _response(row)


def keyed(operation: Callable[..., T]) -> Callable[..., T]:
    """Return an operation that refuses a write without a key before it looks at anything.

    Raises:
        ProblemError: when called, if the key is missing or malformed.
    """

    @wraps(operation)
    def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> T:  # noqa: ANN401 - whatever it takes
        if request.method == "POST":
            _key(request)
        return operation(request, *args, **kwargs)

    return checked


def _claim(
    request: HttpRequest, key: str, digest: str, now: dt.datetime
) -> tuple[GivenAnswer, bool]:
    user_id = asker(request).pk
    with _impatient():
        GivenAnswer.objects.filter(user_id=user_id, expires_at__lte=now).delete()
        return GivenAnswer.objects.get_or_create(
            user_id=user_id,
            key=key,
            defaults={"request_hash": digest, "given_at": now, "expires_at": now + KEPT},
        )


@contextmanager
def _impatient() -> Iterator[None]:
    """Wait five seconds at most for another call with the same key."""
    postgresql = connection.vendor == "postgresql"
    if postgresql:
        _lock_timeout("5s")
    try:
        yield
    except OperationalError as error:
        wait = {"Retry-After": "5"}
        raise ProblemError(BUSY, _("Recommencez dans un instant."), headers=wait) from error
    if postgresql:
        _lock_timeout("0")


def _lock_timeout(value: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('lock_timeout', %s, true)", [value])


def _again(row: GivenAnswer, digest: str) -> HttpResponse:
    if row.request_hash != digest:
        raise ProblemError(
            KEY_REUSED, _("Cette clé a servi à une autre requête ; prenez-en une nouvelle.")
        )
    response = _response(row)
    response["Idempotency-Replayed"] = "true"
    return response


def _response(row: GivenAnswer) -> HttpResponse:
    return HttpResponse(
        bytes(row.body), status=row.status, content_type=_MEDIA_TYPE, headers=row.headers
    )


def _key(request: HttpRequest) -> str:
    key: str = request.headers.get(HEADER, "")
    if _KEY.fullmatch(key):
        return key
    message = _("en-tête obligatoire : 8 à 64 lettres, chiffres ou . _ : -, neufs à chaque demande")
    raise invalid(f"header.{HEADER}", "idempotency_key", message)


def _digest(request: HttpRequest, body: bytes) -> str:
    asked = repr((request.method, request.path, sorted(request.GET.items())))
    return hashlib.sha256(asked.encode() + b"\0" + body).hexdigest()
