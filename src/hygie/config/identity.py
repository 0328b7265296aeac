"""Who may vouch for people: Pro Santé Connect, ProConnect, a directory (LDAP).

Each is on when its variables are set, and off otherwise. None of them gives a right: they only
say who somebody is.

Issuers: Pro Santé Connect as read in the ANS' public documentation (confirmed by several
consumers, not tried from here); ProConnect as read in the DINUM's documentation for service
providers (github.com/numerique-gouv/proconnect-documentation), not tried from here either.
"""

from __future__ import annotations

import importlib.util
import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from hygie.vocabulary.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping

PSC_ISSUER: Final = "https://auth.esw.esante.gouv.fr/auth/realms/esante-wallet"
PROCONNECT_ISSUER: Final = "https://auth.agentconnect.gouv.fr/api/v2"

_WALLETS: Final = {
    "https://auth.esw.esante.gouv.fr": "https://wallet.esw.esante.gouv.fr",
    "https://auth.bas.psc.esante.gouv.fr": "https://wallet.bas.psc.esante.gouv.fr",
}
"""Pro Santé Connect asks people on another host than its issuer's."""

_LDAP_TIMEOUT_S: Final = 5
_LDAP_OPT_NETWORK_TIMEOUT: Final = 0x5005
"""The number of that option in ldap.h, so that its name needs no library."""


@dataclass(frozen=True, slots=True)
class OidcProvider:
    """An OpenID Connect provider as allauth is told of it.

    Attributes:
        key: in addresses and variables: ``psc`` or ``proconnect``.
        name: on the button.
        issuer: where ``/.well-known/openid-configuration`` lies.
        client_id: given at registration.
        secret: given at registration.
        scope: what is asked.
        parameters: what the authorization request carries besides.
        pkce: whether the provider accepts a code challenge.
    """

    key: str
    name: str
    issuer: str
    client_id: str
    secret: str
    scope: tuple[str, ...]
    parameters: Mapping[str, str]
    pkce: bool


@dataclass(frozen=True, slots=True)
class Directory:
    """An LDAP directory that checks passwords.

    Attributes:
        url: HYGIE_LDAP_URL, ``ldaps://annuaire.exemple.example``.
        bind_dn: HYGIE_LDAP_BIND_DN, account that searches; empty for an anonymous search.
        bind_password: HYGIE_LDAP_BIND_PASSWORD.
        base_dn: HYGIE_LDAP_BASE_DN, where people are.
        search: HYGIE_LDAP_FILTER, ``%(user)s`` stands for the address typed.
    """

    url: str
    bind_dn: str
    bind_password: str
    base_dn: str
    search: str


@dataclass(frozen=True, slots=True)
class Identity:
    """The providers that are on, in the order of the sign-in page, and the directory."""

    providers: tuple[OidcProvider, ...]
    directory: Directory | None

    @property
    def secrets(self) -> tuple[str, ...]:
        """Return what no log may show."""
        ours = tuple(provider.secret for provider in self.providers)
        return (*ours, self.directory.bind_password) if self.directory else ours


def read_identity(variables: Mapping[str, str] = os.environ) -> Identity:
    """Return who vouches for people.

    Raises:
        UsageError: if a provider has an identifier without secret, or an address is not safe.
    """
    return Identity(
        providers=tuple(found for found in (_psc(variables), _proconnect(variables)) if found),
        directory=_directory(variables),
    )


def social_providers(identity: Identity) -> dict[str, Any]:
    """Return allauth's SOCIALACCOUNT_PROVIDERS."""
    apps = [
        {
            "provider_id": provider.key,
            "name": provider.name,
            "client_id": provider.client_id,
            "secret": provider.secret,
            "settings": {
                "server_url": provider.issuer,
                "scope": list(provider.scope),
                "auth_params": dict(provider.parameters),
                "oauth_pkce_enabled": provider.pkce,
            },
        }
        for provider in identity.providers
    ]
    return {
        "openid_connect": {
            "APPS": apps,
            "provider_class": "hygie.web.accounts.oidc.CarefulProvider",
        }
    }


def form_origins(identity: Identity) -> list[str]:
    """Return where the button of each provider leads: ``form-action`` of the security policy.

    A browser follows a redirection after a form only where that directive allows it.
    """
    issuers = [_origin(provider.issuer) for provider in identity.providers]
    return [_WALLETS.get(issuer, issuer) for issuer in issuers]


def ldap_settings(directory: Directory) -> dict[str, Any]:
    """Return django-auth-ldap's settings, without its library.

    The search itself needs the library: ``web.accounts.directory`` makes it at the first use.
    """
    return {
        "AUTH_LDAP_SERVER_URI": directory.url,
        "AUTH_LDAP_BIND_DN": directory.bind_dn,
        "AUTH_LDAP_BIND_PASSWORD": directory.bind_password,
        "AUTH_LDAP_USER_ATTR_MAP": {"email": "mail", "name": "displayName"},
        # Accounts are made by invitation: the directory opens those that exist, and no other.
        "AUTH_LDAP_NO_NEW_USERS": True,
        "AUTH_LDAP_USER_QUERY_FIELD": "email",
        "AUTH_LDAP_ALWAYS_UPDATE_USER": False,
        "AUTH_LDAP_START_TLS": urlsplit(directory.url).scheme == "ldap",
        "AUTH_LDAP_SEARCH": (directory.base_dn, directory.search),
        "AUTH_LDAP_CONNECTION_OPTIONS": {_LDAP_OPT_NETWORK_TIMEOUT: _LDAP_TIMEOUT_S},
    }


def directory_backend(directory: Directory | None) -> list[str]:
    """Return the authentication backends of the directory; empty without one.

    Raises:
        UsageError: if a directory is set and its library is not installed.
    """
    if directory is None:
        return []
    if importlib.util.find_spec("django_auth_ldap") is None:
        raise UsageError(
            "HYGIE_LDAP_URL est défini mais django-auth-ldap manque : installez hygie[ldap] "
            "(paquets système libldap-dev et libsasl2-dev)"
        )
    return ["hygie.web.accounts.directory.DirectoryBackend"]


def _psc(variables: Mapping[str, str]) -> OidcProvider | None:
    return _provider(
        variables,
        "HYGIE_PSC",
        OidcProvider(
            key="psc",
            name="Pro Santé Connect",
            issuer=PSC_ISSUER,
            client_id="",
            secret="",
            scope=("openid", "scope_all"),
            parameters={"acr_values": "eidas1"},
            pkce=True,
        ),
    )


def _proconnect(variables: Mapping[str, str]) -> OidcProvider | None:
    # ProConnect refuses any parameter it does not list, a code challenge included.
    return _provider(
        variables,
        "HYGIE_PROCONNECT",
        OidcProvider(
            key="proconnect",
            name="ProConnect",
            issuer=PROCONNECT_ISSUER,
            client_id="",
            secret="",
            scope=("openid", "given_name", "usual_name", "email", "siret"),
            parameters={},
            pkce=False,
        ),
    )


def _provider(
    variables: Mapping[str, str], prefix: str, default: OidcProvider
) -> OidcProvider | None:
    client_id = variables.get(f"{prefix}_CLIENT_ID", "")
    secret = variables.get(f"{prefix}_CLIENT_SECRET", "")
    if not client_id and not secret:
        return None
    if not client_id or not secret:
        raise UsageError(f"{prefix}_CLIENT_ID et {prefix}_CLIENT_SECRET vont ensemble")
    issuer = variables.get(f"{prefix}_ISSUER", default.issuer).rstrip("/")
    if not _is_safe(issuer):
        raise UsageError(f"{prefix}_ISSUER : une adresse https:// est attendue")
    return OidcProvider(
        key=default.key,
        name=default.name,
        issuer=issuer,
        client_id=client_id,
        secret=secret,
        scope=tuple(variables.get(f"{prefix}_SCOPE", "").split()) or default.scope,
        parameters=default.parameters,
        pkce=default.pkce,
    )


def _directory(variables: Mapping[str, str]) -> Directory | None:
    url = variables.get("HYGIE_LDAP_URL", "")
    if not url:
        return None
    if urlsplit(url).scheme not in ("ldap", "ldaps") or not urlsplit(url).hostname:
        raise UsageError("HYGIE_LDAP_URL : une adresse ldaps:// (ou ldap://) est attendue")
    base_dn = variables.get("HYGIE_LDAP_BASE_DN", "")
    if not base_dn:
        raise UsageError("HYGIE_LDAP_BASE_DN : dites sous quelle entrée chercher les personnes")
    search = variables.get("HYGIE_LDAP_FILTER", "(mail=%(user)s)")
    if "%(user)s" not in search:
        raise UsageError("HYGIE_LDAP_FILTER : le filtre doit contenir %(user)s")
    return Directory(
        url=url,
        bind_dn=variables.get("HYGIE_LDAP_BIND_DN", ""),
        bind_password=variables.get("HYGIE_LDAP_BIND_PASSWORD", ""),
        base_dn=base_dn,
        search=search,
    )


def _is_safe(url: str) -> bool:
    parts = urlsplit(url)
    loopback = parts.hostname in ("127.0.0.1", "::1", "localhost")
    return bool(parts.hostname) and (
        parts.scheme == "https" or (parts.scheme == "http" and loopback)
    )


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"
