from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.engines.probing.peers import HOST, NOW, answering, lab, run, serving

from hygie.engines.probing import fhir
from hygie.engines.probing.fhir import Capability, read_capability
from hygie.engines.probing.http_reader import Response

if TYPE_CHECKING:
    from hygie.vocabulary.facts import Observation

STATEMENT = {
    "resourceType": "CapabilityStatement",
    "fhirVersion": "4.0.1",
    "software": {"name": "HAPI FHIR Server", "version": "6.10.3"},
    "rest": [
        {"mode": "server", "security": {"service": [{"coding": [{"code": "SMART-on-FHIR"}]}]}}
    ],
}


def response(document: object, status: int = 200) -> Response:
    return Response(status, (), json.dumps(document), b"")


async def observe(answers: dict[str, bytes]) -> tuple[Observation, list[str]]:
    asked: list[str] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        path = (await reader.readuntil(b"\r\n\r\n")).split()[1].decode()
        asked.append(path)
        writer.write(answers.get(path.partition("?")[0], b"HTTP/1.1 404 Not Found\r\n\r\n"))
        await writer.drain()

    async with serving(serve) as port:
        network = lab({f"{HOST}:8080": port})
        return await fhir.observe(HOST, 8080, network, now=NOW), asked


def page(document: object) -> bytes:
    body = json.dumps(document).encode()
    return b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(body) + body


def test_a_server_that_presents_itself_is_read_and_asked_no_more() -> None:
    seen, asked = run(observe({"/fhir/metadata": page(STATEMENT)}))

    assert seen.value == {
        "answers": True,
        "path": "/fhir/metadata",
        "fhir_version": "4.0.1",
        "software": "HAPI FHIR Server",
        "software_version": "6.10.3",
        "security": ["SMART-on-FHIR"],
        "declares_security": True,
        "refused": False,
    }
    assert (seen.product, seen.version) == ("hapifhir/hapi_fhir", "6.10.3")
    assert asked == ["/fhir/metadata?_summary=true"]


def test_a_server_that_asks_who_we_are_is_the_good_one() -> None:
    seen, asked = run(observe({"/fhir/metadata": b"HTTP/1.1 401 Unauthorized\r\n\r\n"}))

    assert (seen.value["answers"], seen.value["refused"]) == (False, True)
    assert len(asked) == len(fhir.PATHS)


def test_an_ordinary_site_is_no_fhir_server() -> None:
    seen, _ = run(observe({"/metadata": page({"resourceType": "Patient"})}))

    assert (seen.value["answers"], seen.evidence) == (False, b"")


def test_what_is_not_http_answers_nothing() -> None:
    async def scenario() -> Observation:
        async with serving(answering(b"220 mail\r\n")) as port:
            return await fhir.observe(HOST, 8080, lab({f"{HOST}:8080": port}), now=NOW)

    assert run(scenario()).value["answers"] is False
    assert run(fhir.observe(HOST, 8080, lab({}), now=NOW)).value["answers"] is False


def test_a_server_without_security_declares_none() -> None:
    found = read_capability(response({**STATEMENT, "rest": [{"mode": "server"}]}))

    assert found == Capability("4.0.1", "HAPI FHIR Server", "6.10.3", ())


@pytest.mark.parametrize("document", [[], "x", {"resourceType": "Bundle"}, None, 12])
def test_another_document_is_not_one(document: object) -> None:
    assert read_capability(response(document)) is None


VALUES: Any = st.recursive(
    st.none() | st.booleans() | st.text(max_size=10) | st.integers(),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["rest", "security", "service", "coding", "code", "software", "name"]),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@given(rest=VALUES, software=VALUES, version=VALUES)
def test_any_shape_is_a_statement(rest: object, software: object, version: object) -> None:
    document = {**STATEMENT, "rest": rest, "software": software, "fhirVersion": version}

    assert isinstance(read_capability(response(document)), Capability)
