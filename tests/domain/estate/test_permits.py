from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from tests.domain.places import NOW, make_site

from hygie.domain.estate.mandates import Line
from hygie.domain.estate.perimeter import PerimeterError
from hygie.domain.estate.permits import MandateError, Terms, revoke_mandate, sign_mandate
from hygie.domain.journal.models import Entry

pytestmark = pytest.mark.django_db

TERMS = Terms(
    signatory="Directrice générale",
    contact="dsi@essai.example",
    signed_on=dt.date(2026, 1, 1),
    valid_from=dt.date(2026, 1, 1),
    valid_to=dt.date(2027, 1, 1),
)
PERIMETER = [Line("domain", "CH-Essai.example")]


def test_a_signed_mandate_keeps_its_perimeter_and_leaves_a_line() -> None:
    mandate = sign_mandate(make_site(), TERMS, PERIMETER, actor="direction", now=NOW)

    assert [line.value for line in mandate.perimeter.all()] == ["ch-essai.example"]
    assert Entry.objects.get().action == "mandate.signed"


@pytest.mark.parametrize(
    ("terms", "perimeter"),
    [
        pytest.param(TERMS, [], id="nothing in it"),
        pytest.param(TERMS, PERIMETER * 501, id="a list nobody read"),
        pytest.param(replace(TERMS, valid_to=TERMS.valid_from), PERIMETER, id="no day"),
        pytest.param(replace(TERMS, days=""), PERIMETER, id="no weekday"),
        pytest.param(replace(TERMS, days="8"), PERIMETER, id="no such weekday"),
        pytest.param(replace(TERMS, days="11"), PERIMETER, id="a weekday twice"),
        pytest.param(replace(TERMS, from_hour=9, to_hour=9), PERIMETER, id="no hour"),
        pytest.param(replace(TERMS, to_hour=25), PERIMETER, id="no such hour"),
        pytest.param(replace(TERMS, signatory=" "), PERIMETER, id="nobody signs"),
        pytest.param(replace(TERMS, contact="x\ny"), PERIMETER, id="two lines"),
        pytest.param(replace(TERMS, signed_on=dt.date(2026, 3, 6)), PERIMETER, id="tomorrow"),
    ],
)
def test_a_mandate_that_allows_nothing_is_refused(terms: Terms, perimeter: list[Line]) -> None:
    with pytest.raises(MandateError):
        sign_mandate(make_site(), terms, perimeter, actor="direction", now=NOW)
    assert not Entry.objects.exists()


def test_a_perimeter_that_nobody_may_sign_is_refused() -> None:
    with pytest.raises(PerimeterError):
        sign_mandate(make_site(), TERMS, [Line("domain", "gouv.fr")], actor="x", now=NOW)
    assert not Entry.objects.exists()


def test_a_line_said_twice_is_kept_once() -> None:
    perimeter = [Line("domain", "ch-essai.example"), Line("domain", "CH-essai.example.")]

    mandate = sign_mandate(make_site(), TERMS, perimeter, actor="x", now=NOW)

    assert mandate.perimeter.count() == 1


def test_a_mandate_is_revoked_once() -> None:
    mandate = sign_mandate(make_site(), TERMS, PERIMETER, actor="direction", now=NOW)

    revoked = revoke_mandate(mandate, actor="direction", now=NOW)

    assert revoked.revoked_at == NOW
    with pytest.raises(MandateError, match="déjà"):
        revoke_mandate(mandate, actor="direction", now=NOW)
