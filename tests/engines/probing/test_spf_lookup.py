from __future__ import annotations

import pytest
from tests.engines.probing.peers import MemoryResolver, run

from hygie.engines.probing.dnsclient import DnsAnswer
from hygie.engines.probing.errors import ForbiddenError, ProtocolError
from hygie.engines.probing.spf_lookup import (
    TemporaryError,
    ask,
    is_checkable,
    published_record,
)
from hygie.engines.probing.spf_record import SpfSyntaxError

POLICY = "v=spf1 -all"


class Raising(MemoryResolver):
    """A resolver that fails in its own way."""

    def __init__(self, error: Exception) -> None:
        super().__init__({})
        self.error = error

    async def query(self, name: str, rdtype: str, *, checking_disabled: bool = False) -> DnsAnswer:  # noqa: ARG002 - the protocol's signature
        raise self.error


@pytest.mark.parametrize(
    ("domain", "alone", "checkable"),
    [
        ("essai.example", False, True),
        ("localhost", False, False),
        ("localhost", True, True),
        ("a..example", False, False),
        ("é.example", False, False),
        (f"{'a' * 63}.example", False, True),
        (f"{'a' * 64}.example", False, False),
        (".".join(["a" * 60] * 5), False, False),
        ("", True, False),
    ],
)
def test_what_may_be_asked_about_is_a_name(domain: str, alone: bool, checkable: bool) -> None:  # noqa: FBT001 - a parameter of the table
    assert is_checkable(domain, alone=alone) is checkable


def test_a_name_that_cannot_exist_is_never_sent() -> None:
    resolver = MemoryResolver({})

    answer = run(ask(resolver, "a\tb.example", "A"))

    assert answer.rcode == "NXDOMAIN"
    assert resolver.asked == []


@pytest.mark.parametrize("error", [ProtocolError("muet"), OSError("réseau coupé")])
def test_a_mute_server_is_temporary(error: Exception) -> None:
    with pytest.raises(TemporaryError):
        run(ask(Raising(error), "essai.example", "TXT"))


def test_a_server_that_could_not_say_is_temporary() -> None:
    with pytest.raises(TemporaryError):
        run(ask(MemoryResolver({}, failing=["essai.example"]), "essai.example", "TXT"))


def test_what_the_mandate_forbids_is_not_taken_for_a_silence() -> None:
    with pytest.raises(ForbiddenError):
        run(ask(Raising(ForbiddenError("hors du mandat")), "essai.example", "TXT"))


@pytest.mark.parametrize(
    ("texts", "record"),
    [([POLICY, "other=1"], POLICY), (["v=spf10 -all"], None), ([], None)],
    ids=["among other texts", "of another version", "none"],
)
def test_the_record_is_the_text_that_is_one(texts: list[str], record: str | None) -> None:
    resolver = MemoryResolver({("essai.example", "TXT"): texts})

    assert run(published_record("essai.example", resolver)) == record


def test_two_records_are_an_error() -> None:
    resolver = MemoryResolver({("essai.example", "TXT"): [POLICY, "v=spf1 +all"]})

    with pytest.raises(SpfSyntaxError, match="plusieurs"):
        run(published_record("essai.example", resolver))


def test_a_space_that_a_macro_writes_may_be_asked_for() -> None:
    assert is_checkable("a b.ch.example")
    assert not is_checkable("a\tb.ch.example")
