from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from tests.domain.places import NOW, make_site

from hygie.domain.estate.mandates import Line
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
        pytest.param(replace(TERMS, valid_to=TERMS.valid_from), PERIMETER, id="no day"),
    ],
)
def test_a_mandate_that_allows_nothing_is_refused(terms: Terms, perimeter: list[Line]) -> None:
    with pytest.raises(MandateError):
        sign_mandate(make_site(), terms, perimeter, actor="direction", now=NOW)
    assert not Entry.objects.exists()


def test_a_mandate_is_revoked_once() -> None:
    mandate = sign_mandate(make_site(), TERMS, PERIMETER, actor="direction", now=NOW)

    revoked = revoke_mandate(mandate, actor="direction", now=NOW)

    assert revoked.revoked_at == NOW
    with pytest.raises(MandateError, match="déjà"):
        revoke_mandate(mandate, actor="direction", now=NOW)
