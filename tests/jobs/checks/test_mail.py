from __future__ import annotations

import socket
from typing import TYPE_CHECKING

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Sink

from hygie.jobs.checks.check import Status
from hygie.jobs.checks.mail import check_mail

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_django.fixtures import SettingsWrapper


class Recorder(Sink):
    """Counts the messages that it is given."""

    received = 0

    async def handle_DATA(self, *_: object) -> str:  # noqa: N802 - aiosmtpd's name
        self.received += 1
        return "250 OK"


@pytest.fixture
def server() -> Iterator[Controller]:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    controller = Controller(Recorder(), hostname="127.0.0.1", port=port)
    controller.start()
    yield controller
    controller.stop()


def use(settings: SettingsWrapper, port: int, *, password: str = "") -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
    settings.EMAIL_HOST_USER = "hygie" if password else ""
    settings.EMAIL_HOST_PASSWORD = password
    settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False


def test_a_server_that_answers_is_sent_nothing(
    server: Controller, settings: SettingsWrapper
) -> None:
    use(settings, server.port)

    assert check_mail().status is Status.GOOD
    assert server.handler.received == 0


def test_a_server_that_is_down_is_a_failure(settings: SettingsWrapper) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    use(settings, port)

    found = check_mail()

    assert found.status is Status.BROKEN
    assert f"127.0.0.1:{port}" in found.detail


def test_a_password_in_clear_is_not_even_tried(settings: SettingsWrapper) -> None:
    use(settings, 1, password="mot de passe d’essai")

    found = check_mail()

    assert found.status is Status.BROKEN
    assert "smtp+tls" in found.remedy
    assert "mot de passe d’essai" not in repr(found)


def test_no_server_is_a_warning(settings: SettingsWrapper) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"

    assert check_mail().status is Status.WARNING
