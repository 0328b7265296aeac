"""E-mails leave once, wait when the server does not answer, and survive a kill."""

from __future__ import annotations

import datetime as dt
import os
import random
import signal
import smtplib
import socket
import time
from collections import Counter
from typing import TYPE_CHECKING

import pytest
from aiosmtpd.controller import Controller
from django.core import mail as django_mail
from django.utils import timezone
from tests.jobs.databases import MIGRATE, Place

from hygie.domain.outbox.models import Mail, MailState
from hygie.jobs import mails

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from aiosmtpd.smtp import SMTP, Envelope, Session

NOW = dt.datetime(2026, 3, 4, 9, 30, tzinfo=dt.UTC)


def queued(number: int = 1) -> Mail:
    return Mail.objects.create(
        to=f"p{number}@exemple.example", subject="Hygie", body="Ronde terminée.",
        message_id=f"<{number}@hygie.invalid>", created_at=NOW,
    )  # fmt: skip


class Refusing:
    """A backend whose server answers with an error."""

    error: Exception = ConnectionRefusedError()
    on_open = False

    def open(self) -> None:
        if self.on_open:
            raise self.error

    def close(self) -> None:
        """Nothing is open."""

    def send_messages(self, messages: object) -> int:  # noqa: ARG002 - the backend's signature
        raise self.error


def test_a_mail_is_sent_under_its_own_name(db: None) -> None:  # noqa: ARG001 - opens the database
    mail = queued()

    assert mails.deliver(mail.pk) is None

    [sent] = django_mail.outbox
    assert sent.extra_headers["Message-ID"] == "<1@hygie.invalid>"
    assert sent.extra_headers["Auto-Submitted"] == "auto-generated"
    mail.refresh_from_db()
    assert mail.state == MailState.SENT


def test_a_mail_already_sent_is_not_sent_again(db: None) -> None:  # noqa: ARG001 - opens the database
    mail = queued()
    mails.deliver(mail.pk)
    mails.deliver(mail.pk)

    assert len(django_mail.outbox) == 1


@pytest.mark.usefixtures("db")
@pytest.mark.parametrize("moment", ["open", "send"])
def test_a_server_that_does_not_answer_is_tried_later(
    moment: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    backend = Refusing()
    backend.on_open = moment == "open"
    monkeypatch.setattr(mails, "get_connection", lambda: backend)
    mail = queued()

    again = mails.deliver(mail.pk)

    mail.refresh_from_db()
    assert (mail.state, mail.attempts) == (MailState.QUEUED, 1)
    assert again == mail.retry_at
    assert again is not None
    assert again > timezone.now()
    assert "ConnectionRefusedError" in mail.error


@pytest.mark.usefixtures("db")
@pytest.mark.parametrize(("code", "state"), [(550, MailState.FAILED), (450, MailState.QUEUED)])
def test_an_address_refused_for_good_is_not_tried_again(
    code: int, state: MailState, monkeypatch: pytest.MonkeyPatch
) -> None:
    backend = Refusing()
    backend.error = smtplib.SMTPRecipientsRefused({"p1@exemple.example": (code, b"no")})
    monkeypatch.setattr(mails, "get_connection", lambda: backend)
    mail = queued()

    mails.deliver(mail.pk)

    mail.refresh_from_db()
    assert mail.state == state


def test_all_that_is_due_leaves_in_order(db: None) -> None:  # noqa: ARG001 - opens the database
    for number in range(3):
        queued(number)

    assert mails.deliver_due() == 3

    assert [sent.to for sent in django_mail.outbox] == [[f"p{n}@exemple.example"] for n in range(3)]
    assert mails.deliver_due() == 0


class Mailbox:
    """A server that takes its time, and remembers."""

    def __init__(self) -> None:
        self.taken: list[str] = []

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: ARG002, N802 - aiosmtpd's name
        lines = bytes(envelope.content or b"").decode().splitlines()
        self.taken.append(next(line for line in lines if line.lower().startswith("message-id")))
        time.sleep(0.02)  # noqa: ASYNC251 - a slow server
        return "250 taken"


@pytest.fixture
def mailbox() -> Iterator[tuple[Mailbox, int]]:
    box = Mailbox()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    controller = Controller(box, hostname="127.0.0.1", port=port, ready_timeout=10)
    controller.start()
    try:
        yield box, port
    finally:
        controller.stop()


FILL = """
import sys, django; django.setup()
from django.utils import timezone
from hygie.domain.outbox.models import Mail
Mail.objects.bulk_create([
    Mail(to=f"p{n}@exemple.example", subject="s", body="b", message_id=f"<{n}@hygie.invalid>",
         created_at=timezone.now()) for n in range(int(sys.argv[1]))])
"""
SEND = """
import django; django.setup()
from hygie.domain.outbox import actions
actions.LEASE_S = 0.5
from hygie.jobs.mails import deliver_due
deliver_due()
"""
COUNT = """
import django; django.setup()
from hygie.domain.outbox.models import Mail
print(Mail.objects.exclude(state="sent").count())
"""


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_mails_survive_kills_and_a_double_bears_the_same_name(
    tmp_path: Path, mailbox: tuple[Mailbox, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    box, port = mailbox
    monkeypatch.setenv("HYGIE_EMAIL_URL", f"smtp://127.0.0.1:{port}")
    place, kills = Place(tmp_path), 0
    place.python(MIGRATE)
    place.python(FILL, "60")
    for _ in range(4):
        before = len(box.taken)
        sender = place.start("-c", SEND)
        deadline = time.monotonic() + 60
        while len(box.taken) == before and sender.poll() is None:
            assert time.monotonic() < deadline
            time.sleep(0.01)
        time.sleep(random.uniform(0.0, 0.4))  # noqa: S311 - a moment
        if sender.poll() is None:
            os.killpg(sender.pid, signal.SIGKILL)
            kills += 1
        sender.wait(timeout=10)
    time.sleep(0.6)
    place.python(SEND)

    assert place.python(COUNT).strip() == "0"
    seen = Counter(box.taken)
    assert len(seen) == 60
    assert sum(seen.values()) - 60 <= kills  # one command long is the window of each kill
