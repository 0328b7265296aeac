"""Have an authority date the seal of a grade (RFC 3161), and check what it answers.

Here: the request, and that the answer is about this seal and this question. The signature is for
whoever contests: ``openssl ts -verify -digest SEAL -in TOKEN -token_in -CAfile AUTHORITIES``.
"""

from __future__ import annotations

import datetime as dt
import secrets
import ssl
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import httpx

from hygie.vocabulary.errors import HygieError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from hygie.domain.surveillance.models import GradeGiven

MAX_BYTES: Final = 64 << 10
"""Of an answer, its certificates included."""

_SHA256: Final = bytes.fromhex("300d06096086480165030402010500")
_NONCE_BYTES: Final = 8
_SEQUENCE, _INTEGER, _OCTETS, _TIME = 0x30, 0x02, 0x04, 0x18
_GRANTED: Final = (0, 1)
_DEPTH: Final = 12


class StampError(HygieError):
    """The authority refused, or answered something else."""


@dataclass(frozen=True, slots=True)
class Question:
    """A request: its DER bytes and the number that its answer must repeat."""

    content: bytes
    digest: bytes
    nonce: int


def question_of(seal: str) -> Question:
    """Return the request that dates a seal (SHA-256, hexadecimal)."""
    digest = bytes.fromhex(seal)
    nonce = secrets.randbits(_NONCE_BYTES * 8 - 1) | 1 << (_NONCE_BYTES * 8 - 2)
    number = nonce.to_bytes(_NONCE_BYTES, "big")
    imprint = _tlv(_SEQUENCE, _SHA256 + _tlv(_OCTETS, digest))
    body = _tlv(_INTEGER, b"\x01") + imprint + _tlv(_INTEGER, number) + b"\x01\x01\xff"
    return Question(_tlv(_SEQUENCE, body), digest, nonce)


def read_answer(answer: bytes, question: Question) -> tuple[bytes, dt.datetime]:
    """Return the token of an answer and the time it states.

    Raises:
        StampError: if it is not a granted answer to this very question.
    """
    if len(answer) > MAX_BYTES:
        raise StampError("réponse d’horodatage trop longue")
    try:
        [(_, whole)] = list(_parts(answer))
        (_, status), *rest = list(_parts(whole))
        _, number = next(_parts(status))
        if int.from_bytes(number, "big") not in _GRANTED or not rest:
            raise StampError("l’autorité d’horodatage a refusé")
        token = _tlv(rest[0][0], rest[0][1])
        stated = _stated(token, question)
    except (ValueError, IndexError, StopIteration) as error:
        raise StampError("réponse d’horodatage illisible") from error
    return token, stated


def stamp(given: GradeGiven, ask: Callable[[bytes], bytes]) -> GradeGiven:
    """Have the seal of a grade dated.

    Args:
        given: a sealed grade.
        ask: sends a request to the authority and returns its answer.

    Raises:
        StampError: if it cannot be; the grade is as before.
    """
    question = question_of(given.seal)
    given.token, given.stamped_at = read_answer(ask(question.content), question)
    given.save(update_fields=["token", "stamped_at"])
    return given


def asker_of(url: str, *, ca: str = "", timeout_s: float = 10.0) -> Callable[[bytes], bytes]:
    """Return what sends a request to the authority at ``url`` (RFC 3161 § 3.4).

    Args:
        url: address of the authority.
        ca: PEM file of the authorities that its server is trusted by; the usual ones when empty.
        timeout_s: seconds an answer may take.

    Raises (when called):
        StampError: if it does not answer, or answers an error.
    """
    trust = ssl.create_default_context(cafile=ca or None)

    def ask(request: bytes) -> bytes:
        headers = {"Content-Type": "application/timestamp-query"}
        try:
            with (
                httpx.Client(verify=trust, timeout=timeout_s, trust_env=False) as client,
                client.stream("POST", url, content=request, headers=headers) as answer,
            ):
                answer.raise_for_status()
                return _bounded(answer)
        except httpx.HTTPError as error:
            raise StampError(f"l’autorité d’horodatage ne répond pas ({error})"[:200]) from error

    return ask


def _bounded(answer: httpx.Response) -> bytes:
    held = bytearray()
    for piece in answer.iter_bytes():
        held += piece
        if len(held) > MAX_BYTES:
            raise StampError("réponse d’horodatage trop longue")
    return bytes(held)


def _stated(token: bytes, question: Question) -> dt.datetime:
    """Find the TSTInfo that repeats our digest and number, and return its time."""
    for info in _sequences(token, _DEPTH):
        parts = list(_parts(info))
        numbers = [int.from_bytes(value, "big") for tag, value in parts if tag == _INTEGER]
        times = [value for tag, value in parts if tag == _TIME]
        if times and question.nonce in numbers and question.digest in info:
            return _time(times[0].decode("ascii"))
    raise StampError("l’horodatage ne répond pas à notre question")


def _sequences(data: bytes, depth: int) -> Iterator[bytes]:
    """Yield the content of every sequence, those wrapped in octets included."""
    try:
        parts = list(_parts(data))
    except ValueError:
        return
    for tag, value in parts:
        if tag == _SEQUENCE:
            yield value
        if depth and (tag & 0x20 or tag == _OCTETS):
            yield from _sequences(value, depth - 1)


def _time(text: str) -> dt.datetime:
    """Read a GeneralizedTime in UTC (RFC 3161 § 2.4.2), fraction of a second dropped."""
    plain = text.rstrip("Z").partition(".")[0]
    return dt.datetime.strptime(plain, "%Y%m%d%H%M%S").replace(tzinfo=dt.UTC)


def _tlv(tag: int, value: bytes) -> bytes:
    size = len(value)
    if size < 0x80:  # noqa: PLR2004 - DER short form
        return bytes([tag, size]) + value
    length = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes([tag, 0x80 | len(length)]) + length + value


def _parts(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield (tag, value) one after the other (X.690 § 8.1).

    Raises:
        ValueError: if a length runs past the end.
    """
    at = 0
    while at < len(data):
        if at + 2 > len(data):
            raise ValueError("cut")
        tag, size, at = data[at], data[at + 1], at + 2
        if size & 0x80:
            count = size & 0x7F
            if not 0 < count <= 4 or at + count > len(data):  # noqa: PLR2004 - four bytes of length
                raise ValueError("length")
            size, at = int.from_bytes(data[at : at + count], "big"), at + count
        if at + size > len(data):
            raise ValueError("past the end")
        yield tag, data[at : at + size]
        at += size
