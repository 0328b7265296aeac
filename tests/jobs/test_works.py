"""Everything that waits, runs or failed, by name."""

from __future__ import annotations

import pytest
from tests.domain.rounds.conftest import NOW, nation, runner, turn  # noqa: F401 - fixtures

from hygie.domain.outbox.models import Mail, MailState
from hygie.domain.people.models import Notice, User
from hygie.domain.rounds.actions import close_round
from hygie.domain.rounds.claims import claim
from hygie.domain.rounds.models import Item, ItemState, Round, RoundState, Runner, Step
from hygie.jobs import closing, works
from hygie.jobs.backend import backend
from hygie.jobs.closing import close
from hygie.vocabulary.errors import UsageError

# ruff: noqa: F811 - pytest's fixtures are imported and then asked for by name


class Quiet:
    def begin(self, turn: Round) -> None:
        """Nobody works."""

    def post(self, mails: object) -> None:
        """Nobody sends."""


@pytest.fixture(autouse=True)
def _quiet(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (works, closing):
        monkeypatch.setattr(module, "backend", Quiet)


@pytest.fixture
def mail(db: None) -> Mail:  # noqa: ARG001 - opens the database
    return Mail.objects.create(
        to="p@exemple.example", subject="s", body="b", message_id="<1@hygie.invalid>",
        state=MailState.FAILED, error="550 non", attempts=8, created_at=NOW,
    )  # fmt: skip


def test_what_runs_says_who_does_it(turn: Round, runner: Runner) -> None:
    [item] = claim(list(turn.items.filter(step=Step.REFRESH)), runner)

    running = {work.name: work for work in works.listed("running", at_most=5)}

    assert running[f"element-{item.pk}"].by == "premier"
    assert running[f"ronde-{turn.pk}"].what.endswith("0 éléments sur 15")


def test_what_waits_is_counted_and_listed_to_a_bound(turn: Round) -> None:
    assert len(works.listed("queued", at_most=5)) == 5
    assert works.counted()["items"] == {"running": 0, "queued": turn.items.count(), "failed": 0}


def test_what_failed_is_listed_with_its_reason(turn: Round, mail: Mail) -> None:
    turn.items.filter(step=Step.REFRESH).update(state=ItemState.FAILED, note="sans réseau")

    reasons = {work.reason for work in works.listed("failed", at_most=5)}

    assert reasons == {"sans réseau", "550 non"}
    assert works.find(f"courriel-{mail.pk}").attempts == 8


def test_a_round_is_found_stopped_and_taken_up_again(turn: Round) -> None:
    name = f"ronde-{turn.pk}"

    works.cancel(name, actor="essai", now=NOW)
    assert works.find(name).state == "cancelled"

    works.retry(name, actor="essai", now=NOW)
    assert works.find(name).state == "running"


def test_an_item_and_a_mail_are_taken_up_again(turn: Round, mail: Mail) -> None:
    turn.items.update(state=ItemState.DONE)
    Item.objects.filter(step=Step.REFRESH).update(state=ItemState.FAILED)
    close_round(turn, corpus="", now=NOW)
    item = turn.items.get(step=Step.REFRESH)

    works.retry(f"element-{item.pk}", actor="essai", now=NOW)
    works.retry(f"courriel-{mail.pk}", actor="essai", now=NOW)

    item.refresh_from_db()
    mail.refresh_from_db()
    assert (item.state, mail.state) == (ItemState.TODO, MailState.QUEUED)


def test_a_mail_is_given_up(mail: Mail) -> None:
    works.cancel(f"courriel-{mail.pk}", actor="essai", now=NOW)

    assert works.find(f"courriel-{mail.pk}").state == "cancelled"


@pytest.mark.parametrize("name", ["", "ronde-", "chose-1", "ronde-1-2", "ronde-999999"])
def test_what_is_no_work_is_refused_in_one_line(name: str, db: None) -> None:  # noqa: ARG001 - opens the database
    with pytest.raises(UsageError, match="hygie jobs list"):
        works.find(name)


def test_an_item_is_not_given_up_alone(turn: Round) -> None:
    item = turn.items.all()[0]

    with pytest.raises(UsageError, match=f"ronde-{turn.pk}"):
        works.cancel(f"element-{item.pk}", actor="essai", now=NOW)


class Bench:
    class corpus:  # noqa: N801 - an attribute of the real bench
        identity = "essai"

    @staticmethod
    def clock() -> object:
        return NOW


def test_who_asked_for_a_round_hears_of_its_end(turn: Round) -> None:
    person = User.objects.create(email="rssi@exemple.example")
    Round.objects.update(started_by=person.email)
    turn.items.update(state=ItemState.DONE)

    close(turn, Bench())  # type: ignore[arg-type]

    notice = Notice.objects.get(user=person)
    assert notice.text == "Votre ronde sur Nation d’essai est terminée, sans échec."
    assert notice.link == f"/rondes/{turn.pk}/"
    assert Mail.objects.get().to == person.email


def test_a_stopped_round_is_not_closed_over(turn: Round) -> None:
    works.cancel(f"ronde-{turn.pk}", actor="essai", now=NOW)

    assert close(turn, Bench()).state == RoundState.STOPPED  # type: ignore[arg-type]
    assert backend().has_workers() is False
