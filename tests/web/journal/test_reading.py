from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from hygie.domain.journal.actions import Act, record
from hygie.domain.journal.models import Entry
from hygie.web.journal.reading import entries, lines

if TYPE_CHECKING:
    from pytest_django import DjangoAssertNumQueries
    from tests.web.world import World


def write(world: World, place: str | None, action: str, **detail: object) -> None:
    node_id = world.nodes[place].pk if place else None
    record(Act(action, "essai", "7", node_id, detail), actor="essai", now=timezone.now())


def test_a_reader_finds_the_lines_of_his_places_newest_first(world: World) -> None:
    write(world, "own", "role.granted")
    write(world, "neighbour", "role.ended")
    write(world, None, "platform.tuned")

    found = list(entries(world.users["rssi"]))

    assert {entry.node_id for entry in found} == {world.nodes["own"].pk}
    assert found[0].action == "role.granted"
    assert [entry.sequence for entry in found] == sorted(
        (entry.sequence for entry in found), reverse=True
    )


def test_who_reads_the_nation_reads_everything_and_a_stranger_nothing(world: World) -> None:
    write(world, None, "platform.tuned")

    assert entries(world.users["admin"]).count() == Entry.objects.count()
    assert entries(AnonymousUser()).count() == 0


def test_text_finds_an_actor_an_action_or_the_very_subject(world: World) -> None:
    write(world, "own", "role.granted")
    rssi = world.users["rssi"]

    assert {entry.action for entry in entries(rssi, text="ROLE.gr")} == {"role.granted"}
    assert [entry.subject_id for entry in entries(rssi, text="7")] == ["7"]
    assert not entries(rssi, text="rien de tel")


def test_a_line_is_in_words_and_says_what_it_can(world: World) -> None:
    write(world, "own", "role.granted", user="a@b.example", steps=["un", "deux"], role="", zz=3)
    write(world, "own", "no.words")

    unknown, known = lines(world.users["rssi"], entries(world.users["rssi"])[:2])

    assert (str(unknown.words), known.place) == ("no.words", "Hôpital d’Aurore")
    assert [(str(name), value) for name, value in known.detail] == [
        ("étapes", "un, deux"),
        ("personne", "a@b.example"),
        ("zz", "3"),
    ]


def test_the_names_of_a_page_cost_one_query(
    world: World, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for place in ("own", "neighbour", "overseas"):
        write(world, place, "role.granted")
    rows = list(entries(world.users["admin"])[:3])

    with django_assert_max_num_queries(2):
        found = lines(world.users["admin"], rows)

    assert {line.place for line in found} == {
        "Hôpital d’Aurore",
        "Hôpital de Brume",
        "Hôpital de Corail",
    }
