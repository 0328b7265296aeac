from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.engines.probing.peers import HOST, NOW, answering, lab, run, serving

from hygie.engines.probing import dicomweb
from hygie.engines.probing.dicomweb import is_search_result
from hygie.engines.probing.http_reader import Response

if TYPE_CHECKING:
    from hygie.vocabulary.facts import Observation

OPEN = (
    b"HTTP/1.1 200 OK\r\nContent-Type: application/dicom+json\r\n\r\n"
    b'[{"00100010":{"vr":"PN","Value":[{"Alphabetic":"EPREUVE^PERSONNE"}]}}]'
)


async def observe(answers: dict[str, bytes]) -> tuple[Observation, list[str]]:
    asked: list[str] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        path = (await reader.readuntil(b"\r\n\r\n")).split()[1].decode()
        asked.append(path)
        writer.write(answers.get(path.partition("?")[0], b"HTTP/1.1 404 Not Found\r\n\r\n"))
        await writer.drain()

    async with serving(serve) as port:
        network = lab({f"{HOST}:8042": port})
        return await dicomweb.observe(HOST, 8042, network, now=NOW), asked


def test_a_search_that_is_accepted_is_a_fact_and_no_patient_is_kept() -> None:
    seen, asked = run(observe({"/dicom-web/studies": OPEN}))

    assert seen.value == {
        "answers": True,
        "path": "/dicom-web/studies",
        "status": 200,
        "content_type": "application/dicom+json",
        "refused": False,
    }
    assert seen.evidence == b"200 application/dicom+json"
    assert b"EPREUVE" not in repr(seen).encode()
    assert asked == ["/dicom-web/studies?limit=1"]


def test_a_server_that_asks_who_we_are_is_the_good_one() -> None:
    seen, asked = run(observe({"/dicomweb/studies": b"HTTP/1.1 403 Forbidden\r\n\r\n"}))

    assert (seen.value["answers"], seen.value["refused"]) == (False, True)
    assert len(asked) == len(dicomweb.PATHS)


def test_a_page_for_people_is_no_search_result() -> None:
    page = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<title>CH</title>"
    seen, _ = run(observe({"/dicom-web/studies": page}))

    assert seen.value["answers"] is False


def test_what_is_not_http_answers_nothing() -> None:
    async def scenario() -> Observation:
        async with serving(answering(b"220 mail\r\n")) as port:
            return await dicomweb.observe(HOST, 8042, lab({f"{HOST}:8042": port}), now=NOW)

    assert run(scenario()).value["answers"] is False
    assert run(dicomweb.observe(HOST, 8042, lab({}), now=NOW)).value["status"] is None


@pytest.mark.parametrize(
    ("status", "kind", "found"),
    [
        (204, "", True),
        (200, "application/json; charset=utf-8", True),
        (200, 'multipart/related; type="application/dicom+xml"', True),
        (400, "application/json", False),
        (200, "", False),
    ],
)
def test_status_and_type_tell(status: int, kind: str, found: bool) -> None:  # noqa: FBT001
    assert is_search_result(Response(status, (("content-type", kind),), "", b"")) is found


@given(status=st.integers(100, 599), kind=st.text(max_size=60))
def test_any_head_is_judged(status: int, kind: str) -> None:
    assert is_search_result(Response(status, (("content-type", kind),), "", b"")) in (True, False)
