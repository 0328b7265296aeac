"""What is sealed opens for its purpose alone, and with an earlier key of the site."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hygie.domain.people.sealing import SealError, seal, unseal

if TYPE_CHECKING:
    from pytest_django.fixtures import SettingsWrapper


@given(st.text(max_size=200))
def test_a_text_comes_back_and_is_not_readable_meanwhile(text: str) -> None:
    sealed = seal(text, purpose="essai")

    assert unseal(sealed, purpose="essai") == text
    assert len(text) < 4 or text not in sealed


@pytest.mark.parametrize("kept", ["", "n’importe quoi", "gAAAAA"])
def test_what_was_not_sealed_does_not_open(kept: str) -> None:
    with pytest.raises(SealError):
        unseal(kept, purpose="essai")


def test_another_purpose_does_not_open_it() -> None:
    sealed = seal("secret", purpose="essai")

    with pytest.raises(SealError, match="clé secrète"):
        unseal(sealed, purpose="autre")


def test_an_earlier_key_of_the_site_still_opens_it(settings: SettingsWrapper) -> None:
    sealed = seal("secret", purpose="essai")
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "une autre clé, inventée pour ce test"

    assert unseal(sealed, purpose="essai") == "secret"

    settings.SECRET_KEY_FALLBACKS = []
    with pytest.raises(SealError):
        unseal(sealed, purpose="essai")
