"""The journal: one chain, append-only, and a reader who sees any hand that touched it."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest
from django.db import DatabaseError, connection, transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from hygie.domain.journal.actions import Act, record, record_many
from hygie.domain.journal.chain import Line, canonical, line_hash
from hygie.domain.journal.models import Entry, Head
from hygie.domain.journal.queries import Flaw, about, verify

if TYPE_CHECKING:
    from collections.abc import Iterator

NOW = dt.datetime(2026, 6, 1, 12, 30, 15, 123456, tzinfo=dt.UTC)

LINE = Line(
    sequence=1,
    at=NOW,
    actor="camille@essai.example",
    on_behalf_of="",
    action="finding.taken",
    subject_type="finding",
    subject_id="12",
    node_id=3,
    detail="{}",
    previous_hash="",
)


def write(count: int = 5) -> None:
    acts = [Act("finding.taken", "finding", str(n), detail={"n": n}) for n in range(1, count + 1)]
    record_many(acts, actor="camille@essai.example", now=NOW)


@pytest.fixture
def tampering(db: None) -> Iterator[None]:  # noqa: ARG001 - the triggers live in the database
    """Put the triggers to sleep, as somebody with the keys of the database can."""
    write()
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("DROP TRIGGER journal_entry_no_change ON journal_entry")
        else:
            cursor.execute("DROP TRIGGER journal_entry_no_update")
            cursor.execute("DROP TRIGGER journal_entry_no_delete")


def copy_of(entry: Entry, **fields: object) -> Entry:
    values = {field.name: getattr(entry, field.name) for field in Entry._meta.concrete_fields}
    return Entry(**values | fields)


def hash_of(entry: Entry) -> str:
    names = Line.__dataclass_fields__
    return line_hash(Line(**{name: getattr(entry, name) for name in names}))


@pytest.mark.django_db
def test_an_empty_journal_is_whole() -> None:
    found = verify()

    assert (found.lines, found.head_hash, found.whole) == (0, "", True)


@pytest.mark.django_db
def test_each_line_holds_the_hash_of_the_one_before() -> None:
    write(3)
    record(Act("mandate.signed", "mandate", "1"), actor="autre", now=NOW, on_behalf_of="chef")

    first, second, third, fourth = Entry.objects.all()
    assert [line.sequence for line in (first, second, third, fourth)] == [1, 2, 3, 4]
    assert first.previous_hash == ""
    assert second.previous_hash == first.hash
    assert fourth.previous_hash == third.hash
    assert fourth.on_behalf_of == "chef"
    assert Head.objects.get().hash == fourth.hash
    found = verify()
    assert (found.lines, found.head_hash, found.whole) == (4, fourth.hash, True)
    assert list(about("finding", "2")) == [second]


@pytest.mark.django_db
def test_a_line_falls_with_the_transaction_it_stands_in() -> None:
    with transaction.atomic():
        write(1)
        transaction.set_rollback(True)

    assert not Entry.objects.exists()
    assert verify().whole


@pytest.mark.django_db
@pytest.mark.parametrize("verb", ["update", "delete"])
def test_the_database_itself_refuses_to_change_a_line(verb: str) -> None:
    write(1)
    statement = {
        "update": "UPDATE journal_entry SET actor = 'autre'",
        "delete": "DELETE FROM journal_entry",
    }[verb]

    with (
        pytest.raises(DatabaseError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)

    assert verify().whole


@pytest.mark.usefixtures("tampering")
@pytest.mark.parametrize(
    "change",
    [
        {"actor": "autre"},
        {"detail": '{"n":4}'},
        {"at": NOW + dt.timedelta(microseconds=1)},
        {"node_id": 9},
        {"on_behalf_of": "chef"},
    ],
)
def test_an_edited_line_is_found(change: dict[str, object]) -> None:
    Entry.objects.filter(sequence=3).update(**change)

    assert verify().flaws == (Flaw(3, "edited"),)


@pytest.mark.usefixtures("tampering")
def test_a_line_edited_with_a_hash_to_match_breaks_the_next_one() -> None:
    entry = Entry.objects.get(sequence=3)
    entry.actor = "autre"
    Entry.objects.filter(sequence=3).update(actor="autre", hash=hash_of(entry))

    assert verify().flaws == (Flaw(4, "inserted"),)


@pytest.mark.usefixtures("tampering")
def test_a_deleted_line_is_found() -> None:
    Entry.objects.filter(sequence=2).delete()

    found = verify()

    assert found.flaws[0] == Flaw(2, "deleted")
    assert found.lines == 4


@pytest.mark.usefixtures("tampering")
def test_a_line_deleted_and_the_rest_renumbered_is_found() -> None:
    Entry.objects.filter(sequence=2).delete()
    for sequence in (3, 4, 5):
        Entry.objects.filter(sequence=sequence).update(sequence=sequence - 1)

    assert verify().flaws[0].sequence == 2


@pytest.mark.usefixtures("tampering")
@pytest.mark.parametrize("kept", [0, 3])
def test_a_cut_tail_is_found(kept: int) -> None:
    Entry.objects.filter(sequence__gt=kept).delete()

    assert verify().flaws == (Flaw(kept + 1, "deleted"),)


@pytest.mark.usefixtures("tampering")
def test_a_cut_tail_with_the_head_moved_back_by_hand_is_found() -> None:
    Entry.objects.filter(sequence=5).delete()
    Head.objects.update(sequence=4)

    assert verify().flaws == (Flaw(4, "head"),)


@pytest.mark.django_db
def test_a_line_inserted_at_the_end_is_found() -> None:
    write()
    last = Entry.objects.get(sequence=5)
    added = copy_of(last, sequence=6, previous_hash=last.hash)
    added.hash = hash_of(added)
    added.save(force_insert=True)

    assert verify().flaws == (Flaw(6, "head"),)


@pytest.mark.usefixtures("tampering")
def test_a_line_inserted_in_the_middle_is_found() -> None:
    for sequence in (5, 4, 3):
        Entry.objects.filter(sequence=sequence).update(sequence=sequence + 1)
    second = Entry.objects.get(sequence=2)
    added = copy_of(second, sequence=3, subject_id="autre", previous_hash=second.hash)
    added.hash = hash_of(added)
    added.save(force_insert=True)

    flaws = verify().flaws
    assert flaws[0].sequence == 4  # the first line that no longer follows


def test_the_order_of_a_detail_does_not_matter() -> None:
    assert canonical({"b": 1, "a": dt.date(2026, 1, 2)}) == canonical(
        {"a": dt.date(2026, 1, 2), "b": 1}
    )
    assert canonical({"é": "œ"}) == '{"é":"œ"}'


def test_the_same_instant_in_another_zone_has_the_same_hash() -> None:
    elsewhere = dt.timezone(dt.timedelta(hours=4))

    assert line_hash(LINE) == line_hash(_with(at=NOW.astimezone(elsewhere)))


@given(
    st.sampled_from(["actor", "on_behalf_of", "action", "subject_type", "subject_id", "detail"]),
    st.text(min_size=1, max_size=20),
)
@settings(max_examples=60, deadline=None)
def test_every_column_counts_and_none_runs_into_the_next(column: str, text: str) -> None:
    longer = _with(**{column: getattr(LINE, column) + text})

    assert line_hash(longer) != line_hash(LINE)


def _with(**fields: object) -> Line:
    values = {name: getattr(LINE, name) for name in Line.__dataclass_fields__}
    return Line(**values | fields)
