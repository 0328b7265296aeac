"""Who vouches for people is read from the environment, and nothing unsafe is taken."""

from __future__ import annotations

import importlib.util

import pytest

from hygie.config.identity import (
    PROCONNECT_ISSUER,
    PSC_ISSUER,
    Identity,
    directory_backend,
    form_origins,
    ldap_settings,
    read_identity,
    social_providers,
)
from hygie.vocabulary.errors import UsageError

PSC = {"HYGIE_PSC_CLIENT_ID": "hygie", "HYGIE_PSC_CLIENT_SECRET": "secret"}
PRO = {"HYGIE_PROCONNECT_CLIENT_ID": "hygie", "HYGIE_PROCONNECT_CLIENT_SECRET": "secret"}
LDAP = {
    "HYGIE_LDAP_URL": "ldaps://annuaire.exemple.example",
    "HYGIE_LDAP_BASE_DN": "ou=agents,dc=exemple,dc=example",
}


def test_nothing_is_on_by_default() -> None:
    identity = read_identity({})

    assert identity == Identity((), None)
    assert social_providers(identity)["openid_connect"]["APPS"] == []
    assert form_origins(identity) == []
    assert directory_backend(identity.directory) == []


def test_an_identifier_and_a_secret_turn_a_provider_on() -> None:
    psc, pro = social_providers(read_identity(PSC | PRO))["openid_connect"]["APPS"]

    assert (psc["provider_id"], psc["settings"]["server_url"]) == ("psc", PSC_ISSUER)
    assert psc["settings"]["scope"] == ["openid", "scope_all"]
    assert psc["settings"]["auth_params"] == {"acr_values": "eidas1"}
    assert (pro["provider_id"], pro["settings"]["server_url"]) == ("proconnect", PROCONNECT_ISSUER)
    assert pro["settings"]["auth_params"] == {}
    assert pro["settings"]["oauth_pkce_enabled"] is False


def test_the_button_may_lead_where_the_provider_asks() -> None:
    sandbox = "https://auth.bas.psc.esante.gouv.fr/auth/realms/esante-wallet"

    assert form_origins(read_identity(PSC | PRO)) == [
        "https://wallet.esw.esante.gouv.fr",
        "https://auth.agentconnect.gouv.fr",
    ]
    assert form_origins(read_identity(PSC | {"HYGIE_PSC_ISSUER": sandbox})) == [
        "https://wallet.bas.psc.esante.gouv.fr"
    ]


def test_a_scope_may_be_narrowed() -> None:
    [psc] = read_identity(PSC | {"HYGIE_PSC_SCOPE": "openid"}).providers

    assert psc.scope == ("openid",)


@pytest.mark.parametrize(
    ("variables", "words"),
    [
        pytest.param({"HYGIE_PSC_CLIENT_ID": "hygie"}, "vont ensemble", id="no secret"),
        pytest.param(PSC | {"HYGIE_PSC_ISSUER": "http://psc.example"}, "https", id="in clear"),
        pytest.param(PRO | {"HYGIE_PROCONNECT_ISSUER": "pro"}, "https", id="no address"),
        pytest.param(LDAP | {"HYGIE_LDAP_URL": "https://x"}, "ldaps", id="no directory"),
        pytest.param({"HYGIE_LDAP_URL": "ldaps://x"}, "BASE_DN", id="no base"),
        pytest.param(LDAP | {"HYGIE_LDAP_FILTER": "(mail=x)"}, "filtre", id="open filter"),
    ],
)
def test_what_is_not_safe_is_refused_with_its_name(variables: dict[str, str], words: str) -> None:
    with pytest.raises(UsageError, match=words):
        read_identity(variables)


def test_a_provider_on_loopback_may_be_in_clear() -> None:
    [psc] = read_identity(PSC | {"HYGIE_PSC_ISSUER": "http://127.0.0.1:9000/"}).providers

    assert psc.issuer == "http://127.0.0.1:9000"


def test_the_directory_opens_accounts_that_exist_and_makes_none() -> None:
    directory = read_identity(LDAP).directory
    assert directory is not None

    built = ldap_settings(directory)

    assert built["AUTH_LDAP_NO_NEW_USERS"] is True
    assert built["AUTH_LDAP_USER_QUERY_FIELD"] == "email"
    assert built["AUTH_LDAP_SEARCH"] == (LDAP["HYGIE_LDAP_BASE_DN"], "(mail=%(user)s)")
    assert built["AUTH_LDAP_START_TLS"] is False
    clear = read_identity(LDAP | {"HYGIE_LDAP_URL": "ldap://annuaire"}).directory
    assert clear is not None
    assert ldap_settings(clear)["AUTH_LDAP_START_TLS"] is True


def test_a_directory_without_its_library_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    directory = read_identity(LDAP).directory
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: None)
    with pytest.raises(UsageError, match=r"hygie\[ldap\]"):
        directory_backend(directory)

    monkeypatch.setattr(importlib.util, "find_spec", lambda _: object())
    assert directory_backend(directory) == ["hygie.web.accounts.directory.DirectoryBackend"]
