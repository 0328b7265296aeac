"""A password checked by a directory; the library is replaced, its system needs are not here."""

from __future__ import annotations

import importlib
import sys
from types import ModuleType, SimpleNamespace
from typing import TYPE_CHECKING, Protocol

import pytest
from tests.web.world import World

if TYPE_CHECKING:
    from pytest_django.fixtures import SettingsWrapper

    from hygie.domain.people.models import User


class Backend(Protocol):
    """What is tested."""

    settings: SimpleNamespace

    def authenticate(self, request: None, **credentials: str) -> User | None: ...


class KnowsOnePassword:
    """What DirectoryBackend needs of django-auth-ldap's backend."""

    account: User | None = None

    def __init__(self) -> None:
        self.settings = SimpleNamespace()

    def authenticate(
        self,
        request: object,  # noqa: ARG002 - its signature
        username: str,
        password: str,
    ) -> User | None:
        if self.account is None or (username, password) != (self.account.email, "juste"):
            return None
        return self.account


@pytest.fixture
def backend(monkeypatch: pytest.MonkeyPatch, settings: SettingsWrapper, world: World) -> Backend:
    settings.AUTH_LDAP_SEARCH = ("dc=exemple", "(mail=%(user)s)")
    package, search = ModuleType("django_auth_ldap"), ModuleType("django_auth_ldap.config")
    library = ModuleType("django_auth_ldap.backend")
    library.LDAPBackend = KnowsOnePassword  # type: ignore[attr-defined]
    search.LDAPSearch = lambda *arguments: arguments  # type: ignore[attr-defined]
    for module in (package, library, search):
        monkeypatch.setitem(sys.modules, module.__name__, module)
    monkeypatch.delitem(sys.modules, "hygie.web.accounts.directory", raising=False)
    monkeypatch.setattr(KnowsOnePassword, "account", world.users["rssi"])
    made: Backend = importlib.import_module("hygie.web.accounts.directory").DirectoryBackend()
    return made


def test_the_directory_is_searched_where_it_was_told(backend: Backend) -> None:
    assert backend.settings.USER_SEARCH == ("dc=exemple", 2, "(mail=%(user)s)")


def test_a_password_of_the_directory_opens_the_account(backend: Backend, world: World) -> None:
    user = world.users["rssi"]

    assert backend.authenticate(None, email=user.email.upper(), password="juste") == user
    assert backend.authenticate(None, username=user.email, password="juste") == user
    assert backend.authenticate(None, email=user.email, password="faux") is None


def test_an_empty_password_never_reaches_the_directory(backend: Backend, world: World) -> None:
    assert backend.authenticate(None, email=world.users["rssi"].email, password="") is None
    assert backend.authenticate(None, password="juste") is None


@pytest.mark.parametrize("change", [{"is_active": False}, {"is_service": True}])
def test_a_closed_account_or_a_service_stays_out(
    change: dict[str, bool], backend: Backend, world: World
) -> None:
    user = world.users["rssi"]
    for name, value in change.items():
        setattr(user, name, value)

    assert backend.authenticate(None, email=user.email, password="juste") is None
