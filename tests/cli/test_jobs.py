"""`hygie jobs`, `hygie round`, `hygie worker`: what they say and how they refuse."""

from __future__ import annotations

import json

import pytest
from tests.domain.rounds.conftest import NOW, nation, turn  # noqa: F401 - fixtures

from hygie.cli import jobs, round, worker  # noqa: A004 - the command's name
from hygie.cli.main import main
from hygie.domain.outbox.models import Mail, MailState
from hygie.domain.rounds.models import ItemState, Round, RoundState, Step

# ruff: noqa: F811 - pytest's fixtures are imported and then asked for by name


class Quiet:
    def begin(self, turn: Round) -> None:
        """Nobody works."""

    def post(self, mails: object) -> None:
        """Nobody sends."""


@pytest.fixture(autouse=True)
def _quiet(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hygie.jobs.backend.backend", Quiet)
    monkeypatch.setattr("hygie.jobs.works.backend", Quiet)


def run(*arguments: str) -> int:
    with pytest.raises(SystemExit) as left:
        main(list(arguments))
    return int(left.value.code or 0)


@pytest.fixture
def failed(turn: Round) -> Round:
    turn.items.filter(step=Step.REFRESH).update(state=ItemState.FAILED, note="sans réseau")
    return turn


def test_the_list_says_what_failed_and_why(
    failed: Round, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("jobs", "list") == 0

    told = capsys.readouterr().out
    assert "sans réseau" in told
    assert f"ronde-{failed.pk}" in told
    assert "Ensuite : hygie worker" in told


def test_the_list_is_read_by_machines(failed: Round, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("jobs", "list", "--state", "failed", "--format", "json") == 0

    answer = json.loads(capsys.readouterr().out)
    assert answer["counts"]["items"]["failed"] == 1
    assert [work["reason"] for work in answer["works"]] == ["sans réseau"]
    assert failed.state == RoundState.RUNNING


def test_one_work_is_shown(failed: Round, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("jobs", "show", f"ronde-{failed.pk}", "--format", "json") == 0

    assert json.loads(capsys.readouterr().out)["state"] == "running"


def test_a_mail_is_taken_up_again(db: None) -> None:  # noqa: ARG001 - opens the database
    mail = Mail.objects.create(
        to="p@exemple.example", subject="s", body="b", message_id="<1@hygie.invalid>",
        state=MailState.FAILED, created_at=NOW,
    )  # fmt: skip

    assert run("jobs", "retry", f"courriel-{mail.pk}") == 0

    mail.refresh_from_db()
    assert mail.state == MailState.QUEUED


def test_a_round_is_stopped(turn: Round) -> None:
    assert run("jobs", "cancel", f"ronde-{turn.pk}") == 0

    turn.refresh_from_db()
    assert turn.state == RoundState.STOPPED


def test_a_round_can_be_begun_without_waiting(
    nation: object, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("round", "--no-wait") == 0

    assert "est commencée" in capsys.readouterr().out
    assert Round.objects.get().node == nation


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("jobs", "list", "--state", "lost"), "état inconnu"),
        (("jobs", "show", "chose"), "n’est pas un travail"),
        (("round", "--inline", "--no-wait"), "s’excluent"),
        (("round", "--step", "guess", "--no-wait"), "étape inconnue"),
        (("worker", "--queues", "autre"), "file inconnue"),
    ],
)
def test_what_cannot_be_is_refused_in_one_line(
    arguments: tuple[str, ...], told: str, nation: object, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(*arguments) == 2

    complaint = capsys.readouterr().err
    assert told in complaint
    assert complaint.count("\n") == 1
    assert nation
    assert {jobs.register, round.register, worker.register}
