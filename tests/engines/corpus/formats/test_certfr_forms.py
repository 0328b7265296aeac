import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hygie.engines.corpus.formats.certfr_forms import FORMS, Form, read_versions
from hygie.engines.corpus.records import Span

EXAMPLES = [(form, text, spans) for form in FORMS for text, spans in form.examples]


@pytest.mark.parametrize(("form", "text", "spans"), EXAMPLES, ids=[text for _, text, _ in EXAMPLES])
def test_each_form_reads_its_examples(form: Form, text: str, spans: tuple[Span, ...]) -> None:
    found = form.pattern.fullmatch(text)
    assert found
    assert form.spans(found) == spans
    assert read_versions(text) == spans


def test_every_form_has_an_example() -> None:
    assert all(form.examples for form in FORMS)
    assert len({form.name for form in FORMS}) == len(FORMS)


WORDS = ["versions", "antérieures à", "1.x", "2.3", "et", ",", "à", "toutes", "ou égales à", "SP4"]


@given(st.lists(st.sampled_from(WORDS), max_size=12).map(" ".join) | st.text(max_size=60))
@settings(max_examples=300)
def test_any_text_gives_spans_or_none(text: str) -> None:
    assert isinstance(read_versions(text), tuple)


@pytest.mark.parametrize(
    "unit",
    ["1.1 ", "1,", "1 u ", "(1)", "1/1", "1 et ", "versions ", "1 à ", "1-", "antérieures à 1 "],
)
def test_no_text_takes_long(unit: str) -> None:
    before = time.perf_counter()
    read_versions(("versions " + unit * 1000)[:2000])
    read_versions(("versions antérieures à " + unit * 1000)[:1990] + " !")
    assert time.perf_counter() - before < 2
