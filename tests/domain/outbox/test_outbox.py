"""An e-mail is queued once, has one sender at a time, and never changes its Message-ID."""

from __future__ import annotations

import datetime as dt

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import Http404
from django.utils import timezone

from hygie.domain.outbox import access, actions, queries
from hygie.domain.outbox.models import Mail, MailState
from hygie.domain.people.actions import tell
from hygie.domain.people.models import User

NOW = dt.datetime(2026, 3, 4, 9, 30, tzinfo=dt.UTC)


@pytest.fixture
def people(db: None) -> list[User]:  # noqa: ARG001 - opens the database
    return [
        User.objects.create(email="a@exemple.example"),
        User.objects.create(email="demo@exemple.example", is_demo=True),
        User.objects.create(email="parti@exemple.example", is_active=False),
    ]


@pytest.fixture
def mail(people: list[User]) -> Mail:
    tell(people, key="k", text="Ronde terminée.", now=NOW)
    return actions.queue_notices("k", now=NOW)[0]


def test_a_notice_becomes_one_mail_to_who_is_there(people: list[User]) -> None:
    tell(people, key="k", text="Ronde terminée.", now=NOW)

    [queued] = actions.queue_notices("k", now=NOW)

    assert queued.to == "a@exemple.example"
    assert queued.body.startswith("Ronde terminée.")
    assert "http" not in queued.body
    assert actions.queue_notices("k", now=NOW) == []


def test_a_mail_has_one_sender_at_a_time(mail: Mail) -> None:
    assert actions.claim(mail.pk) is not None
    assert actions.claim(mail.pk) is None


def test_a_mail_left_by_a_dead_sender_is_sent_under_the_same_name(mail: Mail) -> None:
    first = actions.claim(mail.pk)
    long_ago = timezone.now() - dt.timedelta(seconds=actions.LEASE_S + 1)
    Mail.objects.update(claimed_at=long_ago)

    second = actions.claim(mail.pk)

    assert first is not None
    assert second is not None
    assert (second.message_id, second.attempts) == (first.message_id, 2)
    assert not actions.mark_sent(first, now=NOW)
    assert actions.mark_sent(second, now=NOW)


def test_a_sent_mail_keeps_no_text(mail: Mail) -> None:
    claimed = actions.claim(mail.pk)
    assert claimed is not None
    actions.mark_sent(claimed, now=NOW)

    mail.refresh_from_db()
    assert (mail.state, mail.body, mail.sent_at) == (MailState.SENT, "", NOW)


def test_a_mail_that_fails_waits_longer_each_time_then_is_left(mail: Mail) -> None:
    waits = []
    for _ in range(actions.MAX_ATTEMPTS):
        Mail.objects.update(retry_at=None)
        claimed = actions.claim(mail.pk)
        assert claimed is not None
        actions.mark_failed(claimed, "le serveur ne répond pas")
        mail.refresh_from_db()
        if mail.retry_at:
            waits.append(round((mail.retry_at - timezone.now()).total_seconds()))

    assert waits == sorted(waits)
    assert len(waits) == actions.MAX_ATTEMPTS - 1
    assert (mail.state, mail.error) == (MailState.FAILED, "le serveur ne répond pas")


def test_a_mail_that_waits_is_not_due(mail: Mail) -> None:
    claimed = actions.claim(mail.pk)
    assert claimed is not None
    actions.mark_failed(claimed, "plus tard")

    assert not actions.due().exists()
    assert list(queries.unsettled()) == [mail]
    assert queries.counts() == {"queued": 1}


def test_what_failed_for_good_is_taken_up_again_by_hand(mail: Mail) -> None:
    claimed = actions.claim(mail.pk)
    assert claimed is not None
    actions.mark_failed(claimed, "550", lasting=True)

    actions.retry(mail)

    mail.refresh_from_db()
    assert (mail.state, mail.attempts) == (MailState.QUEUED, 0)
    with pytest.raises(actions.OutboxError, match="pas en échec"):
        actions.retry(mail)


def test_a_mail_on_its_way_is_not_given_up(mail: Mail) -> None:
    actions.claim(mail.pk)

    with pytest.raises(actions.OutboxError, match="ne s’annule plus"):
        actions.cancel(mail)


def test_a_mail_that_waits_can_be_given_up(mail: Mail) -> None:
    actions.cancel(mail)

    assert actions.claim(mail.pk) is None
    assert queries.counts() == {"cancelled": 1}


def test_addresses_are_for_who_runs_the_platform(mail: Mail) -> None:
    assert not access.runs_platform(AnonymousUser())
    with pytest.raises(Http404):
        access.mail_for(User.objects.all()[0], mail.pk)
