from __future__ import annotations

import contextlib
import threading
from types import SimpleNamespace
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser

from hygie.domain.people.principal import Principal
from hygie.domain.people.rowsecurity.scope import (
    NOBODY,
    SYSTEM,
    Scope,
    current,
    process_speaks,
    scope_of,
    speak_from_now_on,
    speaking,
)

PERSON = Scope("person", "7")


def test_who_asks_is_an_account_a_token_or_nobody() -> None:
    account: Any = SimpleNamespace(pk=7)

    assert scope_of(account) == PERSON
    assert scope_of(Principal(account, "hyg_0a1b", frozenset(), 1)) == Scope("token", "hyg_0a1b")
    assert scope_of(AnonymousUser()) == NOBODY
    assert scope_of(None) == NOBODY


@pytest.mark.parametrize("subject", ["a|b", "a'b", "a b", "é", "a" * 41, "a\n"])
def test_a_subject_is_plain(subject: str) -> None:
    with pytest.raises(ValueError, match="names an account"):
        Scope("person", subject)


def test_a_block_ends_whatever_happens_in_it() -> None:
    before = current()
    with speaking(PERSON):
        with contextlib.suppress(KeyError), speaking(NOBODY):
            assert current() == NOBODY
            raise KeyError
        assert current() == PERSON

    assert current() == before


def test_somebody_recognised_in_a_block_speaks_until_its_end() -> None:
    before = current()
    with speaking(NOBODY):
        speak_from_now_on(PERSON)
        assert current() == PERSON
    assert current() == before

    speak_from_now_on(PERSON)  # a sign-in outside any request, as tests do
    assert current() == before


def test_a_thread_speaks_as_its_process_and_not_as_who_started_it() -> None:
    heard: list[Scope] = []
    with speaking(PERSON):
        thread = threading.Thread(target=lambda: heard.append(current()))
        thread.start()
        thread.join()

    assert heard == [SYSTEM]  # as tests/environment.py says of this process


def test_a_process_says_for_whom_it_asks() -> None:
    process_speaks(NOBODY)
    try:
        assert current() == NOBODY
    finally:
        process_speaks(SYSTEM)
