from __future__ import annotations

import base64
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import given
from hypothesis import strategies as st
from tests.engines.probing.peers import NOW, MemoryNetwork, run

from hygie.engines.probing import dkim
from hygie.engines.probing.dkim import SELECTORS, DkimKey, parse_dkim
from hygie.engines.probing.dnswire import DnsAnswer
from hygie.engines.probing.errors import UnresolvedError


def rsa_key(bits: int) -> str:
    public = rsa.generate_private_key(65537, bits).public_key()
    return base64.b64encode(
        public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    ).decode()


SHORT, LONG = rsa_key(1024), rsa_key(2048)
ED25519 = base64.b64encode(bytes(32)).decode()


def value(**selectors: str) -> dict[str, Any]:
    records = {(f"{name}._domainkey.ch.example", "TXT"): [text] for name, text in selectors.items()}
    made = MemoryNetwork({("ch.example", "NS"): ["ns.ch.example"], **records})
    return dict(run(dkim.observe("ch.example", made, now=NOW)).value)  # type: ignore[arg-type]


def test_a_key_in_force_is_found_with_its_size() -> None:
    seen = value(selector1=f"v=DKIM1; k=rsa; p={LONG}", s1=f"v=DKIM1; p={SHORT}")

    assert seen["found"] is True
    assert seen["smallest_rsa_bits"] == 1024
    assert {one["selector"]: one["bits"] for one in seen["selectors"]} == {
        "selector1": 2048,
        "s1": 1024,
    }


def test_usual_names_that_do_not_answer_prove_no_absence() -> None:
    assert value() == {
        "selectors": [],
        "wildcard": False,
        "found": None,
        "testing": None,
        "smallest_rsa_bits": None,
    }


def test_a_withdrawn_key_is_not_in_force() -> None:
    seen = value(default="v=DKIM1; p=")

    assert seen["found"] is None
    assert seen["selectors"][0]["revoked"] is True


def test_a_domain_that_answers_any_selector_is_told_apart() -> None:
    class Wild(MemoryNetwork):
        async def query(self, *_: object, **__: object) -> DnsAnswer:
            return DnsAnswer("NOERROR", (f"v=DKIM1; p={LONG}",))

    seen = run(dkim.observe("ch.example", Wild({}), now=NOW))  # type: ignore[arg-type]

    assert (seen.value["wildcard"], seen.confidence) == (True, 0.7)


def test_silence_is_not_an_answer() -> None:
    class Mute(MemoryNetwork):
        async def query(self, *_: object, **__: object) -> DnsAnswer:
            raise TimeoutError

    with pytest.raises(UnresolvedError):
        run(dkim.observe("ch.example", Mute({}), now=NOW))  # type: ignore[arg-type]


def test_the_list_of_selectors_is_short_and_without_double() -> None:
    assert len(SELECTORS) == len(set(SELECTORS)) <= 50


@pytest.mark.parametrize(
    ("text", "key"),
    [
        (f"v=DKIM1; k=ed25519; p={ED25519}", DkimKey("ed25519", 256, revoked=False, testing=False)),
        (f"p={SHORT[:20]} {SHORT[20:]}; t=y:s", DkimKey("rsa", 1024, revoked=False, testing=True)),
        ("v=DKIM1; p=not-base64!", DkimKey("rsa", None, revoked=False, testing=False)),
        ("v=DKIM2; p=abcd", None),
        ("v=spf1 -all", None),
    ],
)
def test_a_record_is_read_as_the_standard_says(text: str, key: DkimKey | None) -> None:
    assert parse_dkim(text) == key


@given(text=st.text(max_size=200))
def test_any_text_is_a_key_or_nothing(text: str) -> None:
    for written in (text, f"v=DKIM1; k=rsa; p={text}", f"v=DKIM1; k=ed25519; p={text}"):
        assert isinstance(parse_dkim(written), DkimKey | None)
