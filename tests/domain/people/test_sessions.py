"""Where one is signed in: seen, closed from afar, and known by its network alone."""

from __future__ import annotations

import datetime as dt

import pytest
from django.contrib.sessions.backends.db import SessionStore
from hypothesis import given
from hypothesis import strategies as st
from tests.domain.people.group import NOW
from tests.domain.places import make_site, make_user

from hygie.domain.journal.models import Entry
from hygie.domain.people import sessions
from hygie.domain.people.access import sign_in_for
from hygie.domain.people.actions import close_account, reopen_account
from hygie.domain.people.models import SignIn, User
from hygie.domain.people.queries import sign_ins_of
from hygie.vocabulary.enums import Role

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"


@pytest.fixture
def user(db: None) -> User:  # noqa: ARG001 - opens the database
    return make_user(Role.RSSI, make_site())


def sign_in(user: User, *, address: str = "192.0.2.77") -> SignIn:
    store = SessionStore()
    store.create()
    assert store.session_key
    return sessions.opened(user, store.session_key, agent=FIREFOX, address=address, now=NOW)


def open_sessions(user: User) -> int:
    return sum(SessionStore().exists(row.session_key) for row in SignIn.objects.filter(user=user))


def test_a_browser_is_known_by_its_name_and_network(user: User) -> None:
    kept = sign_in(user)

    assert (kept.device, kept.network) == ("Firefox – Linux", "192.0.2.0/24")
    later = NOW + dt.timedelta(hours=1)
    assert sessions.seen(kept.session_key, now=later)
    assert sign_ins_of(user).get().last_seen_at == later
    assert not sessions.seen("unknown", now=later)


def test_a_browser_signed_out_from_afar_has_no_session_left(user: User) -> None:
    first, second = sign_in(user), sign_in(user)

    sessions.revoke(sign_in_for(user, first.pk), actor=user.email, now=NOW)

    assert not SessionStore().exists(first.session_key)
    assert SessionStore().exists(second.session_key)
    assert [entry.action for entry in Entry.objects.all()] == ["session.revoked"]


def test_all_others_at_once(user: User) -> None:
    here, *_ = [sign_in(user) for _ in range(3)]

    assert sessions.revoke_all(user, actor=user.email, now=NOW, but=here.session_key) == 2
    assert sessions.revoke_all(user, actor=user.email, now=NOW, but=here.session_key) == 0

    assert list(sign_ins_of(user)) == [here]
    assert Entry.objects.count() == 1


def test_a_browser_that_signed_out_is_forgotten(user: User) -> None:
    kept = sign_in(user)

    sessions.closed(kept.session_key)

    assert not sign_ins_of(user).exists()


def test_a_closed_account_is_signed_out_everywhere(user: User) -> None:
    sign_in(user)

    close_account(user, actor="essai", now=NOW)
    close_account(user, actor="essai", now=NOW)
    assert open_sessions(user) == 0
    assert not User.objects.get(pk=user.pk).is_active
    reopen_account(user, actor="essai", now=NOW)
    reopen_account(user, actor="essai", now=NOW)

    assert User.objects.get(pk=user.pk).is_active
    said = Entry.objects.order_by("sequence").values_list("action", flat=True)
    assert list(said) == ["account.closed", "account.reopened"]


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("203.0.113.9", "203.0.113.0/24"),
        ("2001:db8:1:2::3", "2001:db8:1::/48"),
        ("::ffff:203.0.113.9", "203.0.113.0/24"),
        ("fe80::1%eth0", "fe80::/48"),
        ("", ""),
        ("unix:", ""),
    ],
)
def test_the_last_part_of_an_address_is_not_kept(address: str, network: str) -> None:
    assert sessions.network_of(address) == network


@given(st.text(max_size=60))
def test_whatever_a_browser_says_fits(text: str) -> None:
    assert len(sessions.device_of(text)) <= 80
    assert len(sessions.network_of(text)) <= 43


def test_a_sign_in_resembles_another_by_browser_and_wide_network() -> None:
    agent = "Mozilla/5.0 (X11; Linux) Firefox/140.0"
    seen = sessions.whence(agent, "203.0.113.9")

    assert seen.words == "Firefox – Linux, 203.0.113.0/24"
    assert seen.key == sessions.whence(agent, "203.0.7.1").key
    assert seen.key != sessions.whence(agent, "198.51.100.1").key
    assert seen.key != sessions.whence("curl/8", "203.0.113.9").key
    assert sessions.whence("", "").words == ""
