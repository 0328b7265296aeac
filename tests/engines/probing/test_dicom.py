"""pynetdicom is the oracle: a real server, which must understand us and be understood."""

from __future__ import annotations

import struct
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pynetdicom import AE, evt
from pynetdicom.sop_class import CTImageStorage, Verification
from tests.engines.probing.peers import HOST, NOW, answering, lab, run, serving

from hygie.engines.probing import dicom
from hygie.engines.probing.errors import ProtocolError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hygie.vocabulary.facts import Observation

REJECTED_CALLER = bytes.fromhex("0300000000040001 0103".replace(" ", ""))


@contextmanager
def pacs(*, callers: tuple[str, ...] = (), context: Any = Verification) -> Iterator[int]:  # noqa: ANN401
    entity = AE(ae_title="EPREUVE")
    entity.add_supported_context(context)
    entity.require_calling_aet = list(callers)
    entity.implementation_version_name = "EPREUVE_1"
    received: list[object] = []
    handlers = [(evt.EVT_C_ECHO, lambda event: received.append(event) or 0x0000)]
    server = entity.start_server(("127.0.0.1", 0), block=False, evt_handlers=handlers)
    try:
        yield server.socket.getsockname()[1]
    finally:
        server.shutdown()


def observe(port: int) -> Any:  # noqa: ANN401
    return run(dicom.observe(HOST, 104, lab({f"{HOST}:104": port}), now=NOW)).value


def test_an_open_archive_accepts_a_stranger_and_echoes() -> None:
    with pacs() as port:
        value = observe(port)

    assert value == {
        "answers": True,
        "accepts_association": True,
        "rejected_reason": None,
        "echo_status": 0,
        "implementation_version": "EPREUVE_1",
        "ae_title_asked": "ANY-SCP",
    }


def test_an_archive_that_knows_its_callers_rejects_us() -> None:
    with pacs(callers=("SCANNER1",)) as port:
        value = observe(port)

    assert (value["answers"], value["accepts_association"]) == (True, False)
    assert value["rejected_reason"] == "titre d’application appelant non reconnu"


def test_an_archive_without_verification_accepts_nothing_of_ours() -> None:
    with pacs(context=CTImageStorage) as port:
        value = observe(port)

    assert (value["answers"], value["accepts_association"]) == (True, False)


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"HTTP/1.1 400 Bad Request\r\n\r\n", id="another protocol"),
        pytest.param(b"", id="hang up"),
        pytest.param(struct.pack(">BBI", 2, 0, 2**31), id="PDU of two gigabytes"),
    ],
)
def test_what_is_not_dicom_does_not_answer(data: bytes) -> None:
    async def scenario() -> Observation:
        async with serving(answering(data)) as port:
            return await dicom.observe(HOST, 104, lab({f"{HOST}:104": port}), now=NOW)

    assert run(scenario()).value["answers"] is False


def test_a_closed_port_does_not_answer() -> None:
    assert run(dicom.observe(HOST, 104, lab({}), now=NOW)).value["answers"] is False


@pytest.mark.parametrize(
    ("name", "product", "version"),
    [
        ("ORTHANC_1.5.6", "orthanc-server/orthanc", "1.5.6"),
        ("OFFIS_DCMTK_366", "offis/dcmtk", "3.6.6"),
        ("dcm4che-5.23.1", "dcm4che/dcm4che", "5.23.1"),
        ("MACHAON_PACS_4", None, None),
    ],
)
def test_products_name_themselves(name: str, product: str | None, version: str | None) -> None:
    association = dicom.Association(accepted=True, implementation_version=name)

    assert dicom.recognise(association) == (product, version)


@given(kind=st.integers(1, 7), body=st.binary(max_size=200))
@settings(max_examples=150, deadline=None)
def test_any_pdu_is_an_answer_or_a_protocol_error(kind: int, body: bytes) -> None:
    dicom.read_echo_status(body)
    for content in (body, bytes(68) + body):
        with suppress(ProtocolError):
            dicom.read_association(kind, content)
