"""A letter is sealed while it waits, sent once, and gone when its link opens nothing more."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from hygie.domain.outbox import actions
from hygie.domain.outbox.letters import Letter, give_up_expired, queue_letter, text_of
from hygie.domain.outbox.models import Mail, MailState

LINK = "https://hygie.example/personnes/invitation/secret-de-test/"
LETTER = Letter("a@exemple.example", "Invitation\n à rejoindre\tHygie", f"Ouvrez {LINK}")


@pytest.fixture
def letter(db: None) -> Mail:  # noqa: ARG001 - opens the database
    now = timezone.now()
    return queue_letter(LETTER, ends_at=now + dt.timedelta(days=7), now=now)


def over(mail: Mail) -> None:
    Mail.objects.filter(pk=mail.pk).update(expires_at=timezone.now() - dt.timedelta(minutes=1))


def test_the_database_does_not_tell_the_link(letter: Mail) -> None:
    kept = Mail.objects.values().get(pk=letter.pk)

    assert all("secret-de-test" not in str(value) for value in kept.values())
    assert text_of(letter) == LETTER.body


def test_the_subject_is_one_line(letter: Mail) -> None:
    assert letter.subject == "Invitation à rejoindre Hygie"


def test_a_letter_whose_link_is_dead_is_not_sent_and_kept_no_longer(letter: Mail) -> None:
    over(letter)

    assert actions.claim(letter.pk) is None
    assert give_up_expired() == 1
    letter.refresh_from_db()
    assert (letter.state, letter.body) == (MailState.CANCELLED, "")
    assert give_up_expired() == 0


@pytest.mark.parametrize("state", [MailState.SENDING, MailState.FAILED])
def test_one_that_a_server_refused_is_not_kept_either(state: MailState, letter: Mail) -> None:
    Mail.objects.update(state=state)
    over(letter)

    assert give_up_expired() == 1


def test_what_was_sent_stays_as_sent(letter: Mail) -> None:
    claimed = actions.claim(letter.pk)
    assert claimed is not None
    actions.mark_sent(claimed, now=timezone.now())
    over(letter)

    assert give_up_expired() == 0


def test_a_mail_that_is_no_letter_is_read_as_it_is(db: None) -> None:  # noqa: ARG001 - opens the database
    assert text_of(Mail(body="Ronde terminée.")) == "Ronde terminée."
