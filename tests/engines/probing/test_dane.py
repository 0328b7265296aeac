from __future__ import annotations

import asyncio
import hashlib
from typing import TYPE_CHECKING, Any

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import given
from hypothesis import strategies as st
from tests.engines.probing.peers import (
    NOW,
    Authority,
    MemoryNetwork,
    der,
    run,
    server_context,
    serving,
)

from hygie.engines.probing import dane
from hygie.engines.probing.dane import TlsaRecord, is_named, parse_tlsa
from hygie.engines.probing.dnssec_chain import Chain

if TYPE_CHECKING:
    from pathlib import Path

MX = "mail.ch.example"
AUTHORITY = Authority()
CERTIFICATE, KEY = AUTHORITY.sign(MX)
PUBLIC = CERTIFICATE.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
GOOD = f"3 1 1 {hashlib.sha256(PUBLIC).hexdigest()}"
OTHER = f"3 1 1 {'00' * 32}"


async def mail(folder: Path, tlsa: list[str]) -> dict[str, Any]:
    tls = server_context(folder, CERTIFICATE, KEY)

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 mx ESMTP\r\n")
        await reader.readline()
        writer.write(b"250-mx\r\n250 STARTTLS\r\n")
        await reader.readline()
        writer.write(b"220 go\r\n")
        await writer.drain()
        await writer.start_tls(tls)
        await reader.read()

    async with serving(serve) as port:
        records = {
            ("ch.example", "MX"): [f"10 {MX}"],
            ("ch.example", "NS"): ["ns.ch.example"],
            (MX, "A"): ["192.0.2.1"],
            (f"_25._tcp.{MX}", "TLSA"): tlsa,
        }
        made = MemoryNetwork(records, {f"{MX}:25": port})
        return dict((await dane.observe("ch.example", made, now=NOW)).value)  # type: ignore[arg-type]


@pytest.fixture
def _signed(monkeypatch: pytest.MonkeyPatch) -> None:
    async def secure(*_: object, **__: object) -> Chain:
        await asyncio.sleep(0)
        return Chain("secure")

    monkeypatch.setattr(dane, "check_chain", secure)


@pytest.mark.usefixtures("_signed")
def test_the_certificate_shown_is_the_one_announced(tmp_path: Path) -> None:
    seen = run(mail(tmp_path, [GOOD]))

    assert (seen["published"], seen["complete"], seen["mismatch"]) == (True, True, [])
    [server] = seen["servers"]
    assert (server["secure"], server["matches"]) == (True, True)


@pytest.mark.usefixtures("_signed")
def test_another_certificate_is_a_mismatch(tmp_path: Path) -> None:
    assert run(mail(tmp_path, [OTHER]))["mismatch"] == [MX]


def test_an_unsigned_zone_cannot_be_judged_without_an_anchor(tmp_path: Path) -> None:
    seen = run(mail(tmp_path, [OTHER]))

    assert (seen["mismatch"], seen["unsigned"]) == ([], [])
    assert seen["servers"][0]["secure"] is None


def test_records_in_an_unsigned_zone_are_worth_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def insecure(*_: object, **__: object) -> Chain:
        await asyncio.sleep(0)
        return Chain("insecure", "pas de DS")

    monkeypatch.setattr(dane, "check_chain", insecure)

    assert run(mail(tmp_path, [GOOD]))["unsigned"] == [MX]


def test_no_record_and_a_record_for_browsers_are_not_published(tmp_path: Path) -> None:
    assert run(mail(tmp_path, []))["published"] is False
    assert run(mail(tmp_path, [f"1 1 1 {'00' * 32}"]))["published"] is False


def test_every_way_of_naming_a_certificate_is_compared() -> None:
    chain = (der(CERTIFICATE), der(AUTHORITY.certificate))
    whole = hashlib.sha512(der(CERTIFICATE)).digest()

    assert is_named(TlsaRecord(3, 0, 2, whole), chain)
    assert is_named(TlsaRecord(3, 1, 0, PUBLIC), chain)
    above = hashlib.sha256(der(AUTHORITY.certificate)).digest()
    assert is_named(TlsaRecord(2, 0, 1, above), chain)
    assert not is_named(TlsaRecord(3, 0, 1, above), chain)
    assert not is_named(TlsaRecord(3, 1, 1, above), (b"nonsense",))


def test_a_record_must_have_the_length_of_its_digest() -> None:
    short = parse_tlsa("3 1 1 00ff")

    assert short is not None
    assert not short.is_usable
    assert parse_tlsa("3 1 1") == TlsaRecord(3, 1, 1, b"")
    assert parse_tlsa("trois un un 00") is None


@given(text=st.text(max_size=80), data=st.binary(max_size=80))
def test_anything_is_a_record_or_nothing(text: str, data: bytes) -> None:
    assert isinstance(parse_tlsa(text), TlsaRecord | None)
    assert is_named(TlsaRecord(3, 1, 1, b"x"), (data,)) is False
