"""The page of roles says what the code does; each role and right has its words."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.utils import translation

from hygie.domain.people.roles import (
    DELEGABLE,
    GRANTED,
    INVITES,
    LEVELS,
    Permission,
    needs_second_factor,
)
from hygie.domain.people.roles_table import render_roles
from hygie.domain.people.wording import PERMISSIONS, ROLES
from hygie.vocabulary.enums import NodeKind, Role

PAGE = Path(__file__).resolve().parents[3] / "docs" / "roles.md"


def test_the_published_page_is_the_data() -> None:
    with translation.override("fr"):
        assert PAGE.read_text() == render_roles()


def test_every_role_and_right_has_its_words_in_both_languages() -> None:
    assert set(ROLES) == set(GRANTED) == set(LEVELS) == set(Role)
    assert set(PERMISSIONS) == set(Permission)
    assert all(words.fr and words.en for words in (*ROLES.values(), *PERMISSIONS.values()))


def test_words_follow_the_language_of_the_screen() -> None:
    words = PERMISSIONS[Permission.FINDING_READ]

    with translation.override("fr"):
        assert str(words) == "Lire les constats"
    with translation.override("en"):
        assert str(words) == "Read findings"


@pytest.mark.parametrize("role", list(Role))
def test_a_second_factor_is_compulsory_above_an_establishment(role: Role) -> None:
    asked = {kind for kind in NodeKind if needs_second_factor(role, kind)}

    wide = {NodeKind.NATION, NodeKind.ARS, NodeKind.GHT}
    assert asked == (set(NodeKind) if role == Role.ADMIN else wide)


def test_nobody_invites_into_more_than_a_manager_may_give() -> None:
    """Only who manages people invites, and the signature of mandates is never delegated."""
    inviters = {role for role, held in GRANTED.items() if Permission.PEOPLE_INVITE in held}

    assert set(INVITES) == inviters
    assert Permission.MANDATE_SIGN not in DELEGABLE
    assert not DELEGABLE & {Permission.PEOPLE_INVITE, Permission.PEOPLE_GRANT}
    assert Role.DIRECTOR not in INVITES[Role.RSSI]
