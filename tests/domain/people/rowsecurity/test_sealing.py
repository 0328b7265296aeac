from __future__ import annotations

import hmac
from hashlib import sha256

from hypothesis import given
from hypothesis import strategies as st

from hygie.domain.people.rowsecurity.scope import SYSTEM, Scope
from hygie.domain.people.rowsecurity.sealing import key_of, pads_of, sealed


@given(st.text(min_size=1, max_size=60), st.integers(1, 2**31 - 1))
def test_the_pads_give_the_same_seal_as_hmac(secret: str, pid: int) -> None:
    said, _, seal = sealed(Scope("person", "42"), pid=pid, secret=secret).rpartition("|")
    inner, outer = pads_of(secret)

    assert said == f"person|42|{pid}"
    assert seal == sha256(outer + sha256(inner + said.encode()).digest()).hexdigest()
    assert seal == hmac.new(key_of(secret), said.encode(), sha256).hexdigest()


def test_a_seal_is_of_one_scope_one_connection_and_one_installation() -> None:
    seals = {
        sealed(scope, pid=pid, secret=secret)
        for scope in (SYSTEM, Scope("person", "1"), Scope("token", "1"))
        for pid in (1, 2)
        for secret in ("une clé", "une autre")
    }

    assert len(seals) == 12


def test_a_seal_needs_no_quotes() -> None:
    told = sealed(Scope("token", "hyg_0a-1b"), pid=9, secret="s'%")

    assert set(told) <= set("abcdefghijklmnopqrstuvwxyz0123456789_-|")
