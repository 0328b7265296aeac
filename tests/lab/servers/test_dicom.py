from __future__ import annotations

import struct
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydicom.uid import UID
from pynetdicom import AE, build_context
from pynetdicom.pdu import A_ASSOCIATE_RQ
from pynetdicom.pdu_primitives import (
    A_ASSOCIATE,
    ImplementationClassUIDNotification,
    MaximumLengthNotification,
)

from hygie.lab.network import State
from hygie.lab.servers.dicom import DicomSettings, _answer

if TYPE_CHECKING:
    from pynetdicom.association import Association
    from tests.lab.conftest import Lab

VERIFICATION = "1.2.840.10008.1.1"
CT_STORAGE = "1.2.840.10008.5.1.4.1.1.2"
OPEN_TO_ALL = "pacs.ch-val-hygie.example:11112"
ACCEPTED, REJECTED = 0x02, 0x03
CAREFUL = "pacs.chr-machaon.example:104"


def associate(
    lab: Lab, service: str, *, title: str = "HYGIE", syntax: str = VERIFICATION
) -> Association:
    entity = AE(ae_title=title)
    entity.acse_timeout = entity.dimse_timeout = entity.network_timeout = 20
    entity.add_requested_context(syntax)
    address, port = lab.place(service)
    return entity.associate(address, port)


def asked_by_a_stranger() -> bytes:
    """Return an A-ASSOCIATE-RQ as the independent client writes it."""
    primitive = A_ASSOCIATE()
    primitive.application_context_name = "1.2.840.10008.3.1.1.1"
    primitive.calling_ae_title, primitive.called_ae_title = "HYGIE", "ANY-SCP"
    length, implementation = MaximumLengthNotification(), ImplementationClassUIDNotification()
    length.maximum_length_received = 16384
    implementation.implementation_class_uid = UID("1.2.826.0.1.3680043.9.3811.2.0.2")
    primitive.user_information = [length, implementation]
    context = build_context(VERIFICATION)
    context.context_id = 1
    primitive.presentation_context_definition_list = [context]
    request = A_ASSOCIATE_RQ()
    request.from_primitive(primitive)
    encoded: bytes = request.encode()
    return encoded


def test_an_independent_client_gets_its_echo_from_an_open_node(lab: Lab) -> None:
    association = associate(lab, OPEN_TO_ALL)

    assert association.is_established
    assert association.send_c_echo().Status == 0x0000
    assert association.acceptor.implementation_version_name == "VALHYGIE_PACS_1"
    association.release()
    assert association.is_released


def test_a_careful_node_rejects_an_unknown_caller_and_takes_a_known_one(lab: Lab) -> None:
    stranger = associate(lab, CAREFUL)
    known = associate(lab, CAREFUL, title="SCANNER1")

    assert stranger.is_rejected
    assert known.is_established
    known.release()


def test_a_node_becomes_careful_when_it_is_fixed(lab: Lab) -> None:
    request = asked_by_a_stranger()
    with lab.connect(OPEN_TO_ALL) as line:
        line.sendall(request)
        assert line.recv(1)[0] == ACCEPTED

    lab.turn("pacs-ch-val-hygie", State.FIXED)

    # Read on the wire: the client's own threads do not always see a refusal that hangs up.
    with lab.connect(OPEN_TO_ALL) as line:
        line.sendall(request)
        assert line.recv(1)[0] == REJECTED


def test_nothing_but_verification_is_accepted(lab: Lab) -> None:
    association = associate(lab, OPEN_TO_ALL, syntax=CT_STORAGE)

    assert not association.accepted_contexts
    association.abort()


def test_a_pdu_that_claims_to_be_huge_ends_the_conversation(lab: Lab) -> None:
    with lab.connect(OPEN_TO_ALL) as line:
        line.sendall(struct.pack(">BxI", 1, 2**31))
        assert line.recv(10) == b""


@settings(max_examples=100)
@given(kind=st.sampled_from([1, 4, 5, 6, 7, 200]), body=st.binary(max_size=300))
def test_any_body_gets_a_pdu_or_the_end(kind: int, body: bytes) -> None:
    answer = _answer(kind, body, DicomSettings())

    assert answer is None or struct.unpack(">I", answer[2:6])[0] == len(answer) - 6


@pytest.mark.parametrize("length", [0, 5, 67, 68, 70])
def test_a_cut_association_request_is_no_crash(length: int) -> None:
    assert _answer(1, bytes(length), DicomSettings()) is not None
