"""An identity provider that is somebody else, or nobody, is told with its remedy."""

from __future__ import annotations

import json
import sys
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from types import ModuleType, SimpleNamespace
from typing import TYPE_CHECKING

import pytest

from hygie.jobs.checks.check import Status
from hygie.jobs.checks.identity import check_directory, check_providers

if TYPE_CHECKING:
    from collections.abc import Iterator


class Provider(BaseHTTPRequestHandler):
    """Publishes what it is told to."""

    body = b""

    def do_GET(self) -> None:
        self.send_response(200 if "openid-configuration" in self.path else 404)
        self.send_header("Content-Length", str(len(self.body)))
        self.end_headers()
        self.wfile.write(self.body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def issuer() -> Iterator[str]:
    with HTTPServer(("127.0.0.1", 0), Provider) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def app(issuer: str) -> dict[str, object]:
    return {"name": "Pro Santé Connect", "settings": {"server_url": issuer}}


def published(by: str, **changes: object) -> bytes:
    ends = ("authorization_endpoint", "token_endpoint", "jwks_uri")
    return json.dumps({"issuer": by, **dict.fromkeys(ends, f"{by}/x"), **changes}).encode()


def test_nobody_vouches_unless_asked() -> None:
    assert check_providers([]).status is Status.GOOD
    assert check_directory(SimpleNamespace()).status is Status.GOOD


def test_a_provider_that_is_who_it_should_be(issuer: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Provider, "body", published(issuer))

    found = check_providers([app(f"{issuer}/")])

    assert (found.status, found.detail) == (Status.GOOD, "Pro Santé Connect")


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        pytest.param({"issuer": "https://autre.example"}, "autre émetteur", id="somebody else"),
        pytest.param({"jwks_uri": ""}, "ne publie pas jwks_uri", id="no keys"),
    ],
)
def test_another_one_is_told(
    changes: dict[str, object], said: str, issuer: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Provider, "body", published(issuer, **changes))

    found = check_providers([app(issuer)])

    assert found.status is Status.BROKEN
    assert said in found.detail


@pytest.mark.parametrize("body", [b"<html>", b"[]", b"", b" " * (2 << 20)])
def test_what_is_no_configuration_is_told(
    body: bytes, issuer: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Provider, "body", body)

    found = check_providers([app(issuer)])

    assert found.status is Status.BROKEN
    assert "ne répond pas" in found.detail
    assert "HYGIE_PSC_ISSUER" in found.remedy


def test_a_provider_that_is_not_there_is_told() -> None:
    assert check_providers([app("http://127.0.0.1:9")]).status is Status.BROKEN


class Line:
    """A directory that refuses, and whose words must not be shown."""

    def set_option(self, *_: object) -> None:
        """Take it."""

    def start_tls_s(self) -> None:
        """Go on."""

    def simple_bind_s(self, dn: str, password: str) -> None:
        raise ConnectionError(f"{dn} {password}")

    def unbind_s(self) -> None:
        """Close."""


def test_a_directory_that_refuses_is_told_without_the_password(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    library = ModuleType("ldap")
    library.initialize = lambda _: Line()  # type: ignore[attr-defined]
    library.OPT_NETWORK_TIMEOUT = library.OPT_TIMEOUT = 1  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "ldap", library)
    asked = SimpleNamespace(
        AUTH_LDAP_SERVER_URI="ldaps://annuaire.exemple.example",
        AUTH_LDAP_START_TLS=True,
        AUTH_LDAP_BIND_DN="cn=hygie",
        AUTH_LDAP_BIND_PASSWORD="mot-de-passe-inventé",
        AUTH_LDAP_SEARCH=("dc=exemple", ""),
    )

    found = check_directory(asked)

    assert found.status is Status.BROKEN
    assert "ConnectionError" in found.detail
    assert "inventé" not in found.detail + found.remedy
