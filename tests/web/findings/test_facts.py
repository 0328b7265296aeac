from __future__ import annotations

import pytest
from django.utils import translation

from hygie.web.findings.facts import in_words


@pytest.mark.parametrize(
    ("value", "text"),
    [
        pytest.param(None, "non observé", id="not learnt is no good news"),
        pytest.param(True, "oui", id="true"),
        pytest.param(False, "non", id="false"),
        pytest.param([], "aucun", id="none of them"),
        pytest.param(["TLSv1.0", "TLSv1.1"], "TLSv1.0, TLSv1.1", id="several"),
        pytest.param("", "non précisé", id="empty"),
        pytest.param(0, "0", id="zero"),
    ],
)
def test_a_value_is_said_in_words(value: object, text: str) -> None:
    [(name, said)] = in_words({"accepted": value})  # type: ignore[dict-item] # any JSON value

    assert (str(name), said) == ("Versions acceptées", text)


def test_a_name_that_nobody_named_is_shown_as_it_is_and_the_order_is_kept() -> None:
    assert [str(name) for name, _ in in_words({"zz_new": 1, "spf": "v=spf1"})] == ["zz_new", "SPF"]


def test_a_long_banner_is_cut() -> None:
    [(_, said)] = in_words({"banner": "x" * 5000})

    assert said == "x" * 300 + "…"


def test_an_english_reader_reads_english() -> None:
    with translation.override("en"):
        [(name, said)] = in_words({"dnssec_valid": None})

        assert (str(name), said) == ("DNSSEC valid", "not observed")
