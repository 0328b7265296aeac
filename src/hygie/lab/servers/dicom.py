"""A DICOM node that agrees to Verification (C-ECHO) and to nothing else, pure bytes.

Source: DICOM PS3.8 2024 section 9.3 (PDUs) and PS3.7 section 9.3.5 (C-ECHO).
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from hygie.lab.servers.call import MAX_REQUEST_BYTES, answering

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hygie.lab.servers.call import Call, Line

_VERIFICATION: Final = b"1.2.840.10008.1.1"
_IMPLICIT_LITTLE_ENDIAN: Final = b"1.2.840.10008.1.2"
_APPLICATION_CONTEXT: Final = b"1.2.840.10008.3.1.1.1"
# 2.25 + a UUID as an integer: an identifier anybody may coin (PS3.5 annex B.2).
_IMPLEMENTATION_UID: Final = b"2.25.155926571203846174083260458120331829143"

_ASSOCIATE_RQ, _ASSOCIATE_AC, _ASSOCIATE_RJ = 0x01, 0x02, 0x03
_DATA, _RELEASE_RQ, _RELEASE_RP, _ABORT = 0x04, 0x05, 0x06, 0x07
_CONTEXT_RQ, _CONTEXT_AC = 0x20, 0x21
_ACCEPTED, _UNKNOWN_ABSTRACT_SYNTAX = 0, 3
_CALLING_AE_NOT_RECOGNIZED: Final = 3
_ECHO_RSP: Final = 0x8030
_NO_DATA_SET: Final = 0x0101
_WHOLE_COMMAND: Final = 0x03
_MAX_PDUS: Final = 50


@dataclass(frozen=True, slots=True)
class DicomSettings:
    """Whom the node lets in.

    Attributes:
        implementation: Implementation Version Name, at most 16 characters.
        callers: AE titles let in, None for anybody.
    """

    implementation: str = "LABO_HYGIE"
    callers: tuple[str, ...] | None = None


async def serve(call: Call) -> None:
    """Answer association, echo and release."""
    settings = DicomSettings(**call.settings)
    async with answering(call) as line:
        for _ in range(_MAX_PDUS):
            kind, body = await _read_pdu(line)
            answer = _answer(kind, body, settings)
            if answer is None:
                return
            await line.send(answer)


async def _read_pdu(line: Line) -> tuple[int, bytes]:
    kind, length = struct.unpack(">BxI", await line.reader.readexactly(6))
    if length > MAX_REQUEST_BYTES:
        raise EOFError
    return kind, await line.reader.readexactly(length)


def _answer(kind: int, body: bytes, settings: DicomSettings) -> bytes | None:
    """Return the PDU that answers one PDU, None to hang up."""
    try:
        if kind == _ASSOCIATE_RQ:
            return _associate(body, settings)
        if kind == _DATA:
            return _echo(body)
    except (struct.error, LookupError):
        return _pdu(_ABORT, bytes(4))
    return _pdu(_RELEASE_RP, bytes(4)) if kind == _RELEASE_RQ else None


def _associate(body: bytes, settings: DicomSettings) -> bytes:
    caller = body[20:36].decode("ascii", "replace").strip()
    if settings.callers is not None and caller not in settings.callers:
        # Result 1 rejected for good, source 1 service user.
        return _pdu(_ASSOCIATE_RJ, bytes([0, 1, 1, _CALLING_AE_NOT_RECOGNIZED]))
    contexts = b"".join(_context(item) for kind, item in _items(body[68:]) if kind == _CONTEXT_RQ)
    user = (
        _item(0x51, struct.pack(">I", 16384))
        + _item(0x52, _IMPLEMENTATION_UID)
        + _item(0x55, settings.implementation.encode())
    )
    head = b"\0\x01\0\0" + body[4:36] + bytes(32)
    return _pdu(
        _ASSOCIATE_AC, head + _item(0x10, _APPLICATION_CONTEXT) + contexts + _item(0x50, user)
    )


def _context(item: bytes) -> bytes:
    """Accept a presentation context if it proposes Verification."""
    syntaxes = [value for kind, value in _items(item[4:]) if kind == 0x30]  # noqa: PLR2004 - PS3.8
    known = syntaxes == [_VERIFICATION]
    result = _ACCEPTED if known else _UNKNOWN_ABSTRACT_SYNTAX
    return _item(_CONTEXT_AC, bytes([item[0], 0, result, 0]) + _item(0x40, _IMPLICIT_LITTLE_ENDIAN))


def _echo(body: bytes) -> bytes:
    """Return the C-ECHO response to the first message of a P-DATA-TF."""
    context = body[4]
    elements = dict(_elements(body[6 : 4 + struct.unpack(">I", body[:4])[0]]))
    message_id = elements[0x0110]
    command = (
        _element(0x0002, _VERIFICATION + b"\0")
        + _element(0x0100, struct.pack("<H", _ECHO_RSP))
        + _element(0x0120, message_id)
        + _element(0x0800, struct.pack("<H", _NO_DATA_SET))
        + _element(0x0900, struct.pack("<H", 0))
    )
    message = _element(0x0000, struct.pack("<I", len(command))) + command
    value = bytes([context, _WHOLE_COMMAND]) + message
    return _pdu(_DATA, struct.pack(">I", len(value)) + value)


def _items(data: bytes) -> Iterator[tuple[int, bytes]]:
    while data:
        kind, length = struct.unpack(">BxH", data[:4])
        yield kind, data[4 : 4 + length]
        data = data[4 + length :]


def _elements(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield the elements of group 0000, implicit VR little endian."""
    while data:
        _, element, length = struct.unpack("<HHI", data[:8])
        yield element, data[8 : 8 + length]
        data = data[8 + length :]


def _pdu(kind: int, body: bytes) -> bytes:
    return struct.pack(">BxI", kind, len(body)) + body


def _item(kind: int, value: bytes) -> bytes:
    return struct.pack(">BxH", kind, len(value)) + value


def _element(element: int, value: bytes) -> bytes:
    return struct.pack("<HHI", 0, element, len(value)) + value
