from __future__ import annotations

from hygie.domain.veille.declaring import DeclarationError
from hygie.domain.veille.statements import StatementFilters
from hygie.web.veille.forms import DeclareForm, StatementFilter


def test_a_filter_that_cannot_be_read_does_not_narrow() -> None:
    form = StatementFilter({"standing": "jamais", "node": "x", "q": "a" * 500})

    assert form.filters() == StatementFilters()


def test_a_filter_is_what_the_address_says() -> None:
    form = StatementFilter({"standing": "over", "node": "3", "q": "acme"})

    assert form.filters() == StatementFilters("over", "acme", 3)


def test_a_refusal_stands_beside_its_field_or_above_the_form() -> None:
    form = DeclareForm({"impact": "x"})
    form.refuse(DeclarationError("trop court", field="impact"))
    form.refuse(DeclarationError("déjà déclaré"))

    assert "trop court" in form.errors["impact"]
    assert form.non_field_errors() == ["déjà déclaré"]
