from __future__ import annotations

import pytest

from hygie.vocabulary.cpe import CpeError, parse_cpe
from hygie.vocabulary.errors import InputError


def test_an_error_says_where_then_what() -> None:
    error = InputError("version vide", source="a.json", line=3, place="components[3]")

    assert str(error) == "a.json, ligne 3, components[3] : version vide"
    assert str(InputError("version vide")) == "version vide"


def test_an_error_is_one_line_whatever_it_quotes() -> None:
    error = InputError("« a\nb\x1b[31m\u202ec\u00a0» refusé", place="x\r\ny")

    assert str(error) == "x??y : « a?b?[31m?c\u00a0» refusé"
    assert error.message == "« a?b?[31m?c\u00a0» refusé"


def test_an_escaped_end_of_line_in_a_cpe_name_stays_on_the_line() -> None:
    with pytest.raises(CpeError) as caught:
        parse_cpe("cpe:/a:acme:pump:2.0%2%0a:u1")

    assert len(str(caught.value).splitlines()) == 1
