"""Sign in, call the API, fail: nothing that opens a door is in any line of the logs."""

from __future__ import annotations

import datetime as dt
import io
import logging
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest
from django.conf import settings as site
from django.core import mail
from django.test import Client
from django.urls import reverse
from tests.web.world import PASSWORD, World

from hygie.config.logs.wiring import ecs_formatter
from hygie.domain.people.roles import Permission
from hygie.domain.people.tokens import issue
from hygie.jobs.mails import deliver_due

if TYPE_CHECKING:
    from pytest_django.fixtures import SettingsWrapper

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("operated")]
NOW = dt.datetime.now(dt.UTC)


@pytest.fixture
def told() -> Iterator[io.StringIO]:
    """Return everything that is logged, at the most talkative level."""
    stream, root = io.StringIO(), logging.getLogger()
    handler, level = logging.StreamHandler(stream), root.level
    handler.setFormatter(ecs_formatter([site.SECRET_KEY]))
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield stream
    root.removeHandler(handler)
    root.setLevel(level)


def test_no_secret_is_in_any_line(
    world: World, told: io.StringIO, settings: SettingsWrapper, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    user, client = world.users["rssi"], Client(raise_request_exception=False)
    user.set_password(PASSWORD)
    user.save()
    node, later = world.nodes["own"], NOW + dt.timedelta(days=1)
    secret, _ = issue(
        user, "essai", [Permission.FINDING_READ], node, expires_at=later, actor="essai", now=NOW
    )
    login = reverse("account_login")

    client.post(login, {"login": user.email, "password": "faux-mot-de-passe-1"})
    client.post(login, {"login": user.email, "password": PASSWORD})
    client.get("/nulle-part/", headers={"authorization": f"Bearer {secret}"})
    for token in (secret, secret[:-3] + "xyz"):
        client.get("/api/v1/me", headers={"authorization": f"Bearer {token}"})
    Client().post(reverse("account_reset_password"), {"email": user.email})
    deliver_due()
    link = urlsplit(re.findall(r"https?://\S+", str(mail.outbox[-1].body))[-1]).path
    Client().get(link)
    Client().get(f"{link}nulle-part/")

    def broken(*_: object, **__: object) -> None:
        raise RuntimeError(
            f"panne avec {site.SECRET_KEY}, password={PASSWORD}, Cookie: hygie_session={session}"
        )

    session = client.cookies[site.SESSION_COOKIE_NAME].value
    monkeypatch.setattr("hygie.web.health.views.readiness", broken)
    assert client.get("/sante/pret").status_code == 500

    lines = told.getvalue()
    assert '"http.response.status_code": 500' in lines
    assert "RuntimeError" in lines
    parts = [part for part in link.split("/") if len(part) > 20]
    secrets = [
        *("faux-mot-de-passe-1", PASSWORD, site.SECRET_KEY, session, *parts),
        *(secret, secret.rpartition("_")[2]),
        *(cookie.value for cookie in client.cookies.values() if len(cookie.value) > 8),
    ]
    assert parts, "the link of a forgotten password carries a key"
    assert [one for one in secrets if one in lines] == []
    assert user.email not in "".join(x for x in lines.splitlines() if "hygie.access" in x)
