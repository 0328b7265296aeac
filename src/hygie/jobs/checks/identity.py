"""Who vouches for people: do the identity providers and the directory answer as they should."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

import httpx

from hygie.jobs.checks.check import Check, Status

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

TIMEOUT_S: Final = 5.0
_MAX_BYTES: Final = 1 << 20
_PROVIDERS: Final = ("identity.providers", "Fournisseurs d’identité")
_DIRECTORY: Final = ("identity.directory", "Annuaire")
_NEEDED: Final = ("authorization_endpoint", "token_endpoint", "jwks_uri")


def check_providers(apps: Iterable[Mapping[str, Any]]) -> Check:
    """Read what each OpenID Connect provider publishes: it must be who the settings say.

    Args:
        apps: as in ``SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"]``.
    """
    known = list(apps)
    if not known:
        return Check(*_PROVIDERS, Status.GOOD, "aucun : les mots de passe de Hygie seuls")
    wrong = [said for app in known if (said := _fault_of(app))]
    if wrong:
        return Check(
            *_PROVIDERS, Status.BROKEN, " ; ".join(wrong),
            "Vérifiez HYGIE_PSC_ISSUER, HYGIE_PROCONNECT_ISSUER et le pare-feu "
            "(docs/identity.md) ; les mots de passe ouvrent toujours.",
        )  # fmt: skip
    return Check(*_PROVIDERS, Status.GOOD, ", ".join(str(app["name"]) for app in known))


def check_directory(settings: Any) -> Check:  # noqa: ANN401 - Django's settings
    """Bind to the directory as a sign-in does, and look for where people are."""
    url = getattr(settings, "AUTH_LDAP_SERVER_URI", "")
    if not url:
        return Check(*_DIRECTORY, Status.GOOD, "aucun")
    host = urlsplit(url).hostname
    try:
        _bind(settings, url)
    except Exception as error:  # noqa: BLE001 - the library's errors are not its types
        # Its message may hold what was sent; its name says enough.
        return Check(
            *_DIRECTORY, Status.BROKEN, f"{host} : {type(error).__name__}",
            "Vérifiez HYGIE_LDAP_URL, HYGIE_LDAP_BIND_DN, HYGIE_LDAP_BIND_PASSWORD et "
            "HYGIE_LDAP_BASE_DN, et le certificat de l’annuaire.",
        )  # fmt: skip
    return Check(*_DIRECTORY, Status.GOOD, f"{host} répond, la base de recherche existe")


def _fault_of(app: Mapping[str, Any]) -> str:
    """Return what is wrong with one provider, empty when nothing is."""
    name, issuer = app["name"], str(app["settings"]["server_url"])
    try:
        document = _configuration(issuer)
    except (httpx.HTTPError, ValueError) as error:
        return f"{name} ne répond pas ({type(error).__name__})"
    if str(document.get("issuer", "")).rstrip("/") != issuer.rstrip("/"):
        return f"{name} se dit un autre émetteur"
    missing = [field for field in _NEEDED if not document.get(field)]
    return f"{name} ne publie pas {', '.join(missing)}" if missing else ""


def _configuration(issuer: str) -> Mapping[str, Any]:
    address = f"{issuer.rstrip('/')}/.well-known/openid-configuration"
    with httpx.stream("GET", address, timeout=TIMEOUT_S) as answer:
        answer.raise_for_status()
        content = b""
        for part in answer.iter_bytes():
            content += part
            if len(content) > _MAX_BYTES:
                raise ValueError("longer than any configuration")
    document = httpx.Response(200, content=content).json()
    if not isinstance(document, dict):
        raise ValueError("no object")  # noqa: TRY004 - what was read is of the wrong form
    return document


def _bind(settings: Any, url: str) -> None:  # noqa: ANN401 - Django's settings
    import ldap  # type: ignore[import-not-found] # noqa: PLC0415 - extra `ldap`

    line = ldap.initialize(url)
    line.set_option(ldap.OPT_NETWORK_TIMEOUT, TIMEOUT_S)
    line.set_option(ldap.OPT_TIMEOUT, TIMEOUT_S)
    try:
        if settings.AUTH_LDAP_START_TLS:
            line.start_tls_s()
        line.simple_bind_s(settings.AUTH_LDAP_BIND_DN, settings.AUTH_LDAP_BIND_PASSWORD)
        base_dn, _ = settings.AUTH_LDAP_SEARCH
        line.search_s(base_dn, ldap.SCOPE_BASE, attrlist=["1.1"])
    finally:
        line.unbind_s()
