from __future__ import annotations

from hygie.engines.corpus.contexts import Context, Note, Numbers
from hygie.engines.corpus.intervals import END, START
from hygie.engines.corpus.records import AFFECTED


def test_a_source_that_says_no_more_says_affected() -> None:
    said = Context("nvd", "a", 0, 0, "")

    assert said.status == AFFECTED
    assert (said.dated, said.document, said.reason) == ("", "", "")


def test_contexts_that_say_the_same_are_kept_once() -> None:
    """They are keys of the table of contexts: hundreds of thousands of statements share a few."""
    same = {Context("nvd", "a", 1, 2, ""), Context("nvd", "a", 1, 2, "", AFFECTED)}

    assert len(same) == 1
    assert len(same | {Context("nvd", "a", 1, 2, "", dated="2026-03-04")}) == 2


def test_each_new_value_gets_the_next_number() -> None:
    numbers = Numbers({"first": 0})

    assert [numbers["second"], numbers["first"], numbers["second"]] == [1, 0, 1]


def test_a_note_covers_every_version_unless_it_says_which() -> None:
    note = Note("version inconnue")

    assert note.interval == (START, END)
    assert not note.firm
