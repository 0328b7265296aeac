from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hygie.config.logs.redaction import MASK, mask_text, redactor

KNOWN = "la-cle-secrete-de-ce-processus"


def redact(**event: Any) -> dict[str, Any]:  # noqa: ANN401 - any field
    found: dict[str, Any] = redactor([KNOWN, "ab"])(None, "info", event)
    return found


@pytest.mark.parametrize(
    "name",
    ["password", "new_password1", "Authorization", "csrfmiddlewaretoken", "session_key",
     "hygie_session_cookie", "api_key", "client_secret", "recovery_codes", "mot_de_passe"],
)  # fmt: skip
def test_a_field_with_a_telling_name_is_masked_whatever_it_holds(name: str) -> None:
    assert redact(**{name: "valeur"})[name] == MASK
    assert redact(outer={"list": [{name: ["valeur"]}]})["outer"] == {"list": [{name: MASK}]}


@pytest.mark.parametrize(
    ("text", "kept", "gone"),
    [
        ("jeton hyg_0a1b2c3d_Zm9vYmFyYmF6 refusé", "refusé", "Zm9vYmFyYmF6"),
        ("Authorization: Bearer abcdef123456", "Authorization", "abcdef123456"),
        ("postgresql://hygie:motdepasse@db.example/h", "db.example", "motdepasse"),
        ("GET /comptes/cle/9x-cq1z2abcdefghij0123456789abcd/ 200", "/comptes/cle/", "cq1z2abc"),
        ("password=azerty12 retry=3", "retry=3", "azerty12"),
        ("{'csrftoken': 'AbCdEf123'}", "csrftoken", "AbCdEf123"),
        (f"panne {KNOWN} ici", "ici", KNOWN),
    ],
)
def test_a_secret_is_known_by_its_shape_or_its_value(text: str, kept: str, gone: str) -> None:
    masked = redact(event=text)["event"]

    assert kept in masked
    assert gone not in masked


@pytest.mark.parametrize(
    "text",
    [
        "/lieux/12/parc/ 200",
        "round 4 finished",
        'File "/srv/hygie/cryptography_of_hazmat.py"',
        "ab",
    ],
)
def test_ordinary_words_stay(text: str) -> None:
    assert redact(event=text)["event"] == text


def test_numbers_and_nothing_stay_and_depth_is_bounded() -> None:
    assert redact(status=200, ok=True, none=None) == {"status": 200, "ok": True, "none": None}
    deep: Any = "valeur"
    for _ in range(30):
        deep = [deep]
    assert MASK in str(redact(deep=deep))


@given(st.text(max_size=200), st.text(max_size=200))
@settings(max_examples=60, deadline=None)
def test_a_known_secret_never_comes_out(before: str, after: str) -> None:
    assert KNOWN not in mask_text(before + KNOWN + after, [KNOWN])
