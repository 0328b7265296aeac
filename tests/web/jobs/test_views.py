"""The page of background work: one's own part, and what may be done about it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.urls import reverse
from django.utils import timezone
from tests.web.world import World

from hygie.domain.outbox.models import Mail, MailState
from hygie.domain.rounds.models import Item, ItemState, Round, RoundState, Step
from hygie.jobs.embedded import Embedded
from hygie.web.jobs import page, views

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client


class Quiet:
    """A backend that only remembers what it was asked."""

    def __init__(self) -> None:
        self.begun: list[int] = []

    def begin(self, turn: Round) -> None:
        self.begun.append(turn.pk)

    def post(self, mails: object) -> None:
        """Nobody sends."""

    def has_workers(self) -> bool:
        return False


@pytest.fixture
def quiet(monkeypatch: pytest.MonkeyPatch) -> Quiet:
    backend = Quiet()
    monkeypatch.setattr(views, "backend", lambda: backend)
    monkeypatch.setattr("hygie.jobs.works.backend", lambda: backend)
    return backend


@pytest.fixture
def under_way(world: World) -> Round:
    turn = Round.objects.create(
        node=world.nodes["ght-a"], steps=["match"], started_at=timezone.now(), started_by="essai"
    )
    for position, name in enumerate(("own", "annex")):
        Item.objects.create(
            round=turn, node=world.nodes[name], step=Step.MATCH, position=position,
            state=ItemState.DONE if name == "own" else ItemState.TODO,
        )  # fmt: skip
    return turn


def failed_item(world: World) -> Item:
    return Item.objects.get(state=ItemState.FAILED, round=world.rounds["national"])


def test_the_page_says_what_runs_and_how_far_it_is(
    under_way: Round, sign_in: Callable[[str], Client]
) -> None:
    text = sign_in("ght_rssi").get(reverse("work-list")).content.decode()

    assert "GHT du Levant nord" in text
    assert "1 éléments faits sur 2" in text
    assert f"ronde-{under_way.pk}" in text


def test_the_moving_part_is_the_include_of_the_page(
    under_way: Round, sign_in: Callable[[str], Client]
) -> None:
    client = sign_in("ght_rssi")

    part = client.get(reverse("work-list"), headers={"HX-Request": "true"}).content.decode()

    assert "<html" not in part
    assert f'id="ronde-{under_way.pk}"' in part


def test_a_failure_is_shown_with_its_reason_to_those_it_concerns(
    world: World, sign_in: Callable[[str], Client]
) -> None:
    reason = failed_item(world).note

    assert reason in sign_in("neighbour_rssi").get(reverse("work-list")).content.decode()
    assert reason not in sign_in("ght_rssi").get(reverse("work-list")).content.decode()


def test_a_round_is_started_over_ones_own_place(
    world: World, quiet: Quiet, sign_in: Callable[[str], Client]
) -> None:
    answer = sign_in("ght_rssi").post(
        reverse("work-start"), {"node": world.nodes["ght-a"].pk}, follow=True
    )

    turn = Round.objects.get(node=world.nodes["ght-a"])
    assert (turn.state, turn.started_by) == (RoundState.RUNNING, "ght_rssi@exemple.example")
    assert quiet.begun == [turn.pk]
    assert "un message vous préviendra" in answer.content.decode()


def test_a_second_start_finds_the_round_under_way(
    world: World, quiet: Quiet, under_way: Round, sign_in: Callable[[str], Client]
) -> None:
    client = sign_in("ght_rssi")

    client.post(reverse("work-start"), {"node": world.nodes["ght-a"].pk})

    assert quiet.begun == [under_way.pk]


@pytest.mark.parametrize(
    ("who", "place"), [("ght_rssi", "ght-b"), ("ght_rssi", "nation"), ("ars", "x1")]
)
def test_nobody_starts_a_round_elsewhere(
    who: str, place: str, world: World, quiet: Quiet, sign_in: Callable[[str], Client]
) -> None:
    answer = sign_in(who).post(reverse("work-start"), {"node": world.nodes[place].pk})

    assert answer.status_code == 404
    assert not quiet.begun


@pytest.mark.parametrize("node", ["", "x", "10000000000000000000000"])
def test_a_place_that_is_none_is_refused_without_fuss(
    node: str, quiet: Quiet, sign_in: Callable[[str], Client]
) -> None:
    answer = sign_in("admin").post(reverse("work-start"), {"node": node})

    assert answer.status_code in (302, 404)
    assert not quiet.begun


def test_what_failed_is_taken_up_again_by_who_runs_the_whole_round(
    world: World, quiet: Quiet, sign_in: Callable[[str], Client]
) -> None:
    item = failed_item(world)
    name = {"name": f"element-{item.pk}"}

    assert sign_in("neighbour_rssi").post(reverse("work-retry"), name).status_code == 404
    assert sign_in("admin").post(reverse("work-retry"), name).status_code == 302

    item.refresh_from_db()
    assert (item.state, quiet.begun) == (ItemState.TODO, [item.round_id])


def test_a_round_is_stopped_by_who_may_run_it(
    under_way: Round, quiet: Quiet, sign_in: Callable[[str], Client]
) -> None:
    name = {"name": f"ronde-{under_way.pk}"}

    assert sign_in("neighbour_rssi").post(reverse("work-stop"), name).status_code == 404
    sign_in("ght_rssi").post(reverse("work-stop"), name)

    under_way.refresh_from_db()
    assert under_way.state == RoundState.STOPPED
    assert not quiet.begun


@pytest.fixture
def lost_mail(db: None) -> Mail:  # noqa: ARG001 - opens the database
    return Mail.objects.create(
        to="perdu@exemple.example", subject="s", body="b", message_id="<1@hygie.invalid>",
        state=MailState.FAILED, error="550 no such user", created_at=timezone.now(),
    )  # fmt: skip


@pytest.mark.usefixtures("quiet")
def test_mails_are_for_who_runs_the_platform(
    lost_mail: Mail, sign_in: Callable[[str], Client]
) -> None:
    admin, rssi = sign_in("admin"), sign_in("rssi")
    name = {"name": f"courriel-{lost_mail.pk}"}

    assert "550 no such user" in admin.get(reverse("work-list")).content.decode()
    assert lost_mail.to not in rssi.get(reverse("work-list")).content.decode()
    assert rssi.post(reverse("work-retry"), name).status_code == 404

    admin.post(reverse("work-retry"), name)
    lost_mail.refresh_from_db()
    assert lost_mail.state == MailState.QUEUED


@pytest.mark.parametrize("name", ["", "ronde", "ronde-x", "tache-1", "element-99999999"])
@pytest.mark.usefixtures("quiet")
def test_what_is_no_work_changes_nothing(name: str, sign_in: Callable[[str], Client]) -> None:
    answer = sign_in("admin").post(reverse("work-stop"), {"name": name})

    assert answer.status_code in (302, 404)


@pytest.mark.usefixtures("under_way")
def test_the_page_costs_a_constant_number_of_queries(
    sign_in: Callable[[str], Client],
    django_assert_max_num_queries: Callable[..., object],
) -> None:
    client = sign_in("admin")
    with django_assert_max_num_queries(40):  # type: ignore[attr-defined]
        client.get(reverse("work-list"))


def test_an_embedded_installation_starts_its_worker_after_the_commit(
    under_way: Round, monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: Callable[..., object],
) -> None:  # fmt: skip
    started: list[str] = []
    monkeypatch.setattr("hygie.jobs.embedded.start_child", lambda: started.append("child"))

    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[attr-defined]
        Embedded().begin(under_way)
        assert not started

    assert started == ["child"]
    assert page.places
