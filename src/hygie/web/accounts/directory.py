"""Sign in with the password of the hospital's directory (LDAP, Active Directory).

Only loaded when HYGIE_LDAP_URL is set: it needs the extra ``ldap`` of this package. The directory
checks the password of an account that exists; it makes none and gives no right.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django_auth_ldap.backend import LDAPBackend  # type: ignore[import-not-found] # extra `ldap`
from django_auth_ldap.config import LDAPSearch  # type: ignore[import-not-found]

if TYPE_CHECKING:
    from django.http import HttpRequest

    from hygie.domain.people.models import User

_SUBTREE = 2
"""LDAP's SCOPE_SUBTREE."""


class DirectoryBackend(LDAPBackend):  # type: ignore[misc] # untyped
    """Ask the directory about an e-mail address."""

    def __init__(self) -> None:
        super().__init__()
        base_dn, search = settings.AUTH_LDAP_SEARCH  # type: ignore[misc] # config.identity sets it
        self.settings.USER_SEARCH = LDAPSearch(base_dn, _SUBTREE, search)

    def authenticate(
        self,
        request: HttpRequest | None,
        username: str | None = None,
        password: str | None = None,
        **credentials: Any,  # noqa: ANN401 - the signature of Django
    ) -> User | None:
        """Return the account whose address and password the directory knows."""
        email = credentials.get("email") or username
        if not email or not password:  # an empty password is an anonymous bind: it always works
            return None
        found: User | None = super().authenticate(
            request, username=email.lower(), password=password
        )
        if found is None or not found.is_active or found.is_service:
            return None
        return found
