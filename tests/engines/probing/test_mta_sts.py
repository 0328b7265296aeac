from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.engines.probing.peers import (
    NOW,
    Authority,
    MemoryNetwork,
    answering,
    run,
    server_context,
    serving,
)

from hygie.engines.probing import mta_sts
from hygie.engines.probing.mta_sts import StsPolicy, covers, parse_policy

if TYPE_CHECKING:
    from pathlib import Path

HOST = "mta-sts.ch.example"
TEXT = "version: STSv1\r\nmode: enforce\r\nmx: mail.ch.example\r\nmax_age: 604800\r\n"
RECORDS = {
    ("_mta-sts.ch.example", "TXT"): ["v=STSv1; id=20260101;"],
    ("ch.example", "MX"): ["10 mail.ch.example"],
}


def page(text: str, status: str = "200 OK") -> bytes:
    head = f"HTTP/1.1 {status}\r\nContent-Type: text/plain\r\nContent-Length: {len(text)}\r\n\r\n"
    return (head + text).encode()


def value(
    folder: Path, data: bytes, name: str = HOST, end: dt.datetime | None = None
) -> dict[str, Any]:
    authority = Authority()
    (folder / "ca.pem").write_bytes(authority.pem)

    async def scenario() -> Any:  # noqa: ANN401 - JSON
        context = server_context(folder, *authority.sign(name, end=end))
        async with serving(answering(data), context) as port:
            made = MemoryNetwork(RECORDS, {f"{HOST}:443": port}, ca=str(folder / "ca.pem"))
            return (await mta_sts.observe("ch.example", made, now=NOW)).value  # type: ignore[arg-type]

    return dict(run(scenario()))


def test_a_policy_that_is_served_as_announced_is_read(tmp_path: Path) -> None:
    assert value(tmp_path, page(TEXT)) == {
        "published": True,
        "id": "20260101",
        "mode": "enforce",
        "max_age": 604800,
        "mx": ["mail.ch.example"],
        "covers_mx": True,
        "error": None,
    }


def test_a_mail_server_left_out_is_seen(tmp_path: Path) -> None:
    other = TEXT.replace("mail.ch", "ancien.ch")

    assert value(tmp_path, page(other))["covers_mx"] is False


@pytest.mark.parametrize("fault", ["other name", "expired", "404", "not HTTP"])
def test_what_senders_would_refuse_is_an_error(tmp_path: Path, fault: str) -> None:
    seen = value(
        tmp_path,
        {"404": page(TEXT, "404 Not Found"), "not HTTP": b"hello"}.get(fault, page(TEXT)),
        name="autre.example" if fault == "other name" else HOST,
        end=NOW - dt.timedelta(days=1) if fault == "expired" else None,
    )

    assert seen["published"] is True
    assert seen["error"]
    assert seen["mode"] is None


def test_a_policy_announced_and_not_served_is_an_error() -> None:
    made = MemoryNetwork(RECORDS)

    seen = run(mta_sts.observe("ch.example", made, now=NOW)).value  # type: ignore[arg-type]

    assert seen["error"]


def test_nothing_announced_is_a_fact() -> None:
    made = MemoryNetwork({("ch.example", "MX"): ["0 ."]})

    seen = run(mta_sts.observe("ch.example", made, now=NOW)).value  # type: ignore[arg-type]

    assert (seen["published"], seen["error"], seen["covers_mx"]) == (False, None, None)


@pytest.mark.parametrize(
    "text",
    [
        TEXT.replace("STSv1", "STSv2"),
        TEXT.replace("enforce", "strict"),
        TEXT.replace("604800", "99999999"),
        TEXT.replace("max_age: 604800", "max_age: demain"),
        TEXT.replace("mx: mail.ch.example\r\n", ""),
    ],
)
def test_a_policy_out_of_the_standard_says_why(text: str) -> None:
    assert parse_policy(text).error


def test_a_star_stands_for_one_label() -> None:
    assert covers("*.ch.example", "mail.ch.example")
    assert not covers("*.ch.example", "a.mail.ch.example")
    assert not covers("*.ch.example", "ch.example")


@given(text=st.text(max_size=300))
def test_any_text_is_a_policy(text: str) -> None:
    for written in (text, TEXT + text, f"max_age: {text}"):
        assert isinstance(parse_policy(written), StsPolicy)
