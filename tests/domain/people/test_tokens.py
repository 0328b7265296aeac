"""API tokens: shown once, kept as a hash, narrower than their account, closed at once."""

from __future__ import annotations

import datetime as dt

import pytest
from pytest_django import DjangoAssertNumQueries
from tests.domain.places import make_node, make_user

from hygie.domain.estate.models import Asset
from hygie.domain.journal.models import Entry
from hygie.domain.people.access import may
from hygie.domain.people.actions import end_grant
from hygie.domain.people.models import ApiToken, User
from hygie.domain.people.principal import Principal
from hygie.domain.people.roles import Permission
from hygie.domain.people.scope import visible_nodes
from hygie.domain.people.tokens import (
    TOKEN_MAX_DAYS,
    TokenError,
    TokenRefusedError,
    authenticate,
    issue,
    revoke_token,
)
from hygie.domain.territory.models import Kind, Node
from hygie.vocabulary.enums import Role

pytestmark = pytest.mark.django_db

NOW = dt.datetime.now(dt.UTC).replace(microsecond=0)
IN_A_MONTH = NOW + dt.timedelta(days=30)

Places = dict[str, Node]


@pytest.fixture
def places() -> Places:
    nation = make_node(Kind.NATION, "Nation")
    ght = make_node(Kind.GHT, "GHT d’Essai", above=(nation,))
    one = make_node(Kind.ET, "Site un", above=(nation, ght))
    two = make_node(Kind.ET, "Site deux", above=(nation, ght))
    return {"nation": nation, "ght": ght, "one": one, "two": two}


@pytest.fixture
def account(places: Places) -> User:
    return make_user(Role.RSSI, places["ght"], "siem@essai.example")


def make(account: User, node: Node, *permissions: Permission) -> tuple[str, ApiToken]:
    wanted = permissions or (Permission.ESTATE_READ,)
    return issue(account, "SIEM", wanted, node, expires_at=IN_A_MONTH, actor="essai", now=NOW)


def test_a_token_opens_its_permissions_at_its_node_and_nothing_else(
    places: Places, account: User
) -> None:
    for name in ("one", "two"):
        Asset.objects.create(node=places[name], kind="domain", name=f"{name}.example", added_at=NOW)
    secret, _ = make(account, places["one"])

    principal = authenticate(secret, now=NOW)

    assert [row.name for row in Asset.objects.visible_to(principal)] == ["one.example"]
    assert may(principal, Permission.ESTATE_READ, places["one"].pk)
    assert not may(principal, Permission.ESTATE_READ, places["ght"].pk)
    assert not may(principal, Permission.FINDING_READ, places["one"].pk)
    assert not visible_nodes(principal, Permission.FINDING_READ).exists()


def test_a_principal_answers_as_its_account(places: Places, account: User) -> None:
    secret, token = make(account, places["one"])

    principal = authenticate(secret, now=NOW)

    assert isinstance(principal, Principal)
    assert (principal.pk, principal.email, str(principal)) == (
        account.pk,
        account.email,
        str(account),
    )
    assert principal.actor == f"siem@essai.example (jeton {token.prefix})"
    assert principal.is_active
    assert principal.is_authenticated
    assert not principal.is_anonymous


def test_the_secret_is_kept_nowhere(places: Places, account: User) -> None:
    secret, token = make(account, places["one"])

    kept = [str(value) for value in ApiToken.objects.filter(pk=token.pk).values_list()[0]]
    told = [entry.detail for entry in Entry.objects.filter(action="token.issued")]

    assert secret.startswith(token.prefix)
    assert all(secret not in text for text in (*kept, *told))


def test_a_token_loses_what_its_account_loses(places: Places, account: User) -> None:
    secret, _ = make(account, places["one"])
    end_grant(account.grants.get(), actor="essai", now=NOW)

    principal = authenticate(secret, now=NOW)

    assert not may(principal, Permission.ESTATE_READ, places["one"].pk)


@pytest.mark.parametrize("secret", ["", "hyg_", "hyg_0_x", "autre", "hyg_é", "hyg_" + "x" * 500])
def test_what_is_not_a_secret_opens_nothing(secret: str) -> None:
    with pytest.raises(TokenRefusedError):
        authenticate(secret, now=NOW)


def test_an_expired_revoked_or_orphan_token_is_refused_in_the_same_words(
    places: Places, account: User
) -> None:
    words = set()
    for spoil in ("expired", "revoked", "closed"):
        secret, token = make(account, places["one"])
        if spoil == "revoked":
            revoke_token(token, actor="essai", now=NOW)
        if spoil == "closed":
            User.objects.filter(pk=account.pk).update(is_active=False)
        with pytest.raises(TokenRefusedError) as refused:
            authenticate(secret, now=IN_A_MONTH if spoil == "expired" else NOW)
        words.add(str(refused.value))
    assert len(words) == 1


def test_a_revocation_is_told_once(places: Places, account: User) -> None:
    _, token = make(account, places["one"])

    revoke_token(token, actor="essai", now=NOW)
    revoke_token(ApiToken.objects.get(pk=token.pk), actor="essai", now=IN_A_MONTH)

    assert ApiToken.objects.get(pk=token.pk).revoked_at == NOW
    assert Entry.objects.filter(action="token.revoked").count() == 1


def test_a_call_costs_one_query_until_five_minutes_passed(
    places: Places, account: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    secret, token = make(account, places["one"])
    authenticate(secret, now=NOW)

    with django_assert_num_queries(1):
        authenticate(secret, now=NOW + dt.timedelta(minutes=4))
    assert ApiToken.objects.get(pk=token.pk).last_used_at == NOW
    authenticate(secret, now=NOW + dt.timedelta(minutes=6))
    assert ApiToken.objects.get(pk=token.pk).last_used_at == NOW + dt.timedelta(minutes=6)


@pytest.mark.parametrize(
    ("name", "permissions", "days", "words"),
    [
        pytest.param(" ", [Permission.ESTATE_READ], 30, "donnez un nom", id="no name"),
        pytest.param("SIEM", [], 30, "au moins un droit", id="no permission"),
        pytest.param("SIEM", [Permission.ESTATE_READ], 0, "l’année", id="already over"),
        pytest.param(
            "SIEM", [Permission.ESTATE_READ], TOKEN_MAX_DAYS + 1, "l’année", id="too long"
        ),
        pytest.param("SIEM", [Permission.MANDATE_SIGN], 30, "mandate.sign", id="more than held"),
    ],
)
def test_a_token_wider_than_its_account_is_refused(
    name: str,
    permissions: list[Permission],
    days: int,
    words: str,
    places: Places,
    account: User,
) -> None:
    until = NOW + dt.timedelta(days=days)

    with pytest.raises(TokenError, match=words):
        issue(account, name, permissions, places["one"], expires_at=until, actor="essai", now=NOW)
    assert not ApiToken.objects.exists()


def test_a_token_outside_the_roles_of_its_account_is_refused(places: Places, account: User) -> None:
    with pytest.raises(TokenError, match="Nation"):
        make(account, places["nation"])
