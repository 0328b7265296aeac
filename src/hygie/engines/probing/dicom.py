"""Does an imaging server accept a stranger? One DICOM association, one C-ECHO, nothing else.

Value: answers (speaks DICOM), accepts_association, rejected_reason (French line or null),
echo_status (0 is success, or null), implementation_version (or null), ae_title_asked.

Only the Verification SOP class is proposed: no image and no patient can be reached through it.
A refused connection, or a peer that hangs up without a word of DICOM, gives answers false.
Sources: DICOM PS3.8 section 9.3 (PDUs), PS3.7 sections 9.3.5 (C-ECHO) and D.3.3 (user
information). Evidence: the server's first PDU.
"""

from __future__ import annotations

import re
import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from hygie.engines.probing.errors import ProtocolError
from hygie.vocabulary.facts import EVIDENCE_MAX_BYTES, Json, Observation

if TYPE_CHECKING:
    import datetime as dt

    from hygie.engines.probing.connection import Stream
    from hygie.engines.probing.network import Network

CALLED_AE: Final = "ANY-SCP"
CALLING_AE: Final = "HYGIE"
PDU_MAX_BYTES: Final = 65_536

_ASSOCIATE_RQ, _ASSOCIATE_AC, _ASSOCIATE_RJ, _P_DATA, _RELEASE_RQ, _ABORT = 1, 2, 3, 4, 5, 7
_APPLICATION_CONTEXT: Final = b"1.2.840.10008.3.1.1.1"
_VERIFICATION: Final = b"1.2.840.10008.1.1"
_IMPLICIT_LITTLE_ENDIAN: Final = b"1.2.840.10008.1.2"
_IMPLEMENTATION: Final = b"2.25.207509742100496230514290010636751426259"  # drawn once for Hygie
_USER_INFORMATION, _PRESENTATION_RESULT, _VERSION_NAME = 0x50, 0x21, 0x55
_C_ECHO_RQ, _NO_DATA_SET, _LAST_COMMAND = 0x0030, 0x0101, 0x03
_STATUS: Final = (0x0000, 0x0900)

# PS3.8 table 9-21, service user; the other sources are said to be the provider's.
_REJECTED: Final = {
    1: "sans motif",
    2: "contexte d’application non accepté",
    3: "titre d’application appelant non reconnu",
    7: "titre d’application appelé non reconnu",
}
_PRODUCTS: Final = (
    (re.compile(r"ORTHANC_([0-9][0-9.]*)", re.IGNORECASE), "orthanc-server/orthanc"),
    (re.compile(r"OFFIS_DCMTK_([0-9])([0-9])([0-9])"), "offis/dcmtk"),
    (re.compile(r"dcm4che-([0-9][0-9.]*)", re.IGNORECASE), "dcm4che/dcm4che"),
    (re.compile(r"PYNETDICOM_([0-9])([0-9])([0-9])"), "pydicom/pynetdicom"),
)


@dataclass(frozen=True, slots=True)
class Association:
    """The server's answer to our request.

    Attributes:
        accepted: the association exists and Verification is accepted in it.
        rejected_reason: one French line, None when accepted.
        implementation_version: as the server names itself, None when it does not.
    """

    accepted: bool
    rejected_reason: str | None = None
    implementation_version: str | None = None


async def observe(
    host: str, port: int, network: Network, *, now: dt.datetime, address: str | None = None
) -> Observation:
    """Ask ``host:port`` for an association as a stranger, verify it, release it.

    Raises:
        OSError, TimeoutError, ForbiddenError: if it cannot be reached or says nothing.
    """
    association, echo, evidence = None, None, b""
    try:
        async with await network.open(host, port, address=address) as connection:
            await connection.write(encode_associate_request())
            kind, body = await _read_pdu(connection)
            evidence = bytes([kind]) + body
            association = read_association(kind, body)
            if association.accepted:
                echo = await _echo(connection)
    except (ProtocolError, ConnectionError):
        pass  # no DICOM here, or a peer that stopped half-way: what was read stands
    product, version = recognise(association)
    return Observation(
        subject=f"{host}:{port}",
        probe="dicom",
        value=_value(association, echo),
        evidence=evidence[:EVIDENCE_MAX_BYTES],
        at=now,
        product=product,
        version=version,
    )


def _value(association: Association | None, echo: int | None) -> dict[str, Json]:
    return {
        "answers": association is not None,
        "accepts_association": association is not None and association.accepted,
        "rejected_reason": association.rejected_reason if association else None,
        "echo_status": echo,
        "implementation_version": association.implementation_version if association else None,
        "ae_title_asked": CALLED_AE,
    }


async def _echo(stream: Stream) -> int | None:
    await stream.write(encode_echo_request())
    kind, body = await _read_pdu(stream)
    await stream.write(struct.pack(">BBII", _RELEASE_RQ, 0, 4, 0))
    return read_echo_status(body) if kind == _P_DATA else None


async def _read_pdu(stream: Stream) -> tuple[int, bytes]:
    kind, _, length = struct.unpack(">BBI", await stream.read_exactly(6))
    if not _ASSOCIATE_RQ <= kind <= _ABORT or length > PDU_MAX_BYTES:
        raise ProtocolError("le service ne répond pas en DICOM")
    return kind, await stream.read_exactly(length)


def encode_associate_request() -> bytes:
    """Return an A-ASSOCIATE-RQ that proposes Verification and nothing more (PS3.8 9.3.2)."""
    context = b"\x01\0\0\0" + _item(0x30, _VERIFICATION) + _item(0x40, _IMPLICIT_LITTLE_ENDIAN)
    user = (
        _item(0x51, struct.pack(">I", 16_384))
        + _item(0x52, _IMPLEMENTATION)
        + _item(_VERSION_NAME, b"HYGIE")
    )
    body = (
        struct.pack(">HH", 1, 0)
        + CALLED_AE.ljust(16).encode()
        + CALLING_AE.ljust(16).encode()
        + bytes(32)
        + _item(0x10, _APPLICATION_CONTEXT)
        + _item(0x20, context)
        + _item(_USER_INFORMATION, user)
    )
    return struct.pack(">BBI", _ASSOCIATE_RQ, 0, len(body)) + body


def _item(kind: int, content: bytes) -> bytes:
    return struct.pack(">BBH", kind, 0, len(content)) + content


def read_association(kind: int, body: bytes) -> Association:
    """Read the PDU that answers an association request.

    Raises:
        ProtocolError: if it is another PDU, or a cut one.
    """
    if kind == _ASSOCIATE_RJ and len(body) >= 4:  # noqa: PLR2004 - result, source, reason
        source, reason = body[2], body[3]
        known = _REJECTED.get(reason) if source == 1 else "refus du fournisseur de service"
        return Association(accepted=False, rejected_reason=known or f"motif {reason}")
    if kind == _ABORT:
        return Association(accepted=False, rejected_reason="association interrompue")
    if kind != _ASSOCIATE_AC or len(body) < 68:  # noqa: PLR2004 - fixed part
        raise ProtocolError("le service ne répond pas en DICOM")
    items = _items(body[68:])
    accepted = any(k == _PRESENTATION_RESULT and c[2:3] == b"\0" for k, c in items)
    names = [
        c
        for k, content in items
        if k == _USER_INFORMATION
        for kk, c in _items(content)
        if kk == _VERSION_NAME
    ]
    version = names[0].decode("ascii", "replace").strip("\0 ")[:64] if names else None
    refusal = None if accepted else "association acceptée, vérification refusée"
    return Association(accepted, refusal, version or None)


def _items(data: bytes) -> list[tuple[int, bytes]]:
    items: list[tuple[int, bytes]] = []
    position = 0
    while position + 4 <= len(data):
        kind, _, length = struct.unpack_from(">BBH", data, position)
        items.append((kind, data[position + 4 : position + 4 + length]))
        position += 4 + length
    return items


def encode_echo_request() -> bytes:
    """Return a P-DATA-TF that carries one C-ECHO-RQ (PS3.7 9.3.5.1), implicit little endian."""
    uid = _VERIFICATION + b"\0" * (len(_VERIFICATION) % 2)
    elements = (
        _element(0x0002, uid)
        + _element(0x0100, struct.pack("<H", _C_ECHO_RQ))
        + _element(0x0110, struct.pack("<H", 1))
        + _element(0x0800, struct.pack("<H", _NO_DATA_SET))
    )
    command = _element(0x0000, struct.pack("<I", len(elements))) + elements
    value = struct.pack(">IBB", len(command) + 2, 1, _LAST_COMMAND) + command
    return struct.pack(">BBI", _P_DATA, 0, len(value)) + value


def _element(number: int, value: bytes) -> bytes:
    return struct.pack("<HHI", 0x0000, number, len(value)) + value


def read_echo_status(body: bytes) -> int | None:
    """Return the status of the command a P-DATA-TF carries, None when it states none."""
    position = 6
    while position + 8 <= len(body):
        group, number, length = struct.unpack_from("<HHI", body, position)
        if (group, number) == _STATUS and length == 2 and position + 10 <= len(body):  # noqa: PLR2004
            status: int = struct.unpack_from("<H", body, position + 8)[0]
            return status
        position += 8 + length
    return None


def recognise(association: Association | None) -> tuple[str | None, str | None]:
    """Return (vendor/product, version) from the implementation version name."""
    name = (association.implementation_version if association else None) or ""
    for pattern, product in _PRODUCTS:
        if match := pattern.match(name):
            return product, ".".join(match.groups())
    return None, None
