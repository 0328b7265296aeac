"""The page of the documentation that shows the roles: written from the data that rules the code."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from hygie.domain.people.models import RoleChoice
from hygie.domain.people.roles import (
    DELEGABLE,
    GRANTED,
    INVITES,
    LEVELS,
    STRICTLY_BELOW,
    Permission,
    needs_second_factor,
)
from hygie.domain.people.wording import PERMISSIONS, ROLES
from hygie.domain.territory.models import Kind
from hygie.vocabulary.enums import NodeKind, Role

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_HEAD: Final = """\
# Roles and rights

Written by `hygie people roles` from `hygie.domain.people.roles`; a test keeps
this page equal to that data. A role is held on a place of the territory, and opens that place and
what lies below it, each day of its dates. Nothing else gives a right: not an identity provider,
not a directory.
"""


_DELEGATION: Final = """\
## What a member may delegate

Proposed by an RSSI of the same GHT, opened by the member's direction or RSSI, for a year at most,
revocable by both. What is done under it is journalled on the member's behalf. Delegations never
pass through an API token.
"""


def render_roles() -> str:
    """Return the Markdown page: roles, permissions, invitations, delegation."""
    roles = ("Role", "Fonction", "What for", "Pour quoi faire", "Held on", "Second factor")
    given = [f"- `{name}`: {PERMISSIONS[name].en}" for name in Permission if name in DELEGABLE]
    parts = [
        _HEAD,
        "## Roles\n",
        _table(roles, _roles()),
        "## What each may read and do\n",
        _table(("Permission", "Droit", "Right", *_labels()), _permissions()),
        "## Who invites whom\n\nWho may offer a role may also end it; never their own.\n",
        _table(("Who invites", "offers", "where"), _invitations()),
        _DELEGATION,
        "\n".join(given) + "\n",
    ]
    return "\n".join(parts)


def _labels() -> list[str]:
    return [f"`{role}`" for role in Role]


def _roles() -> Iterable[Sequence[str]]:
    for role in Role:
        kinds = [kind for kind in NodeKind if kind in LEVELS[role]]
        asked = [kind for kind in kinds if needs_second_factor(role, kind)]
        yield (
            f"`{role}`",
            str(RoleChoice(role).label),
            ROLES[role].en,
            ROLES[role].fr,
            _kinds(kinds),
            "always" if asked == kinds else f"on {_kinds(asked)}" if asked else "no",
        )


def _permissions() -> Iterable[Sequence[str]]:
    for permission in Permission:
        words = PERMISSIONS[permission]
        held = ["yes" if permission in GRANTED[role] else "" for role in Role]
        yield (f"`{permission}`", words.fr, words.en, *held)


def _invitations() -> Iterable[Sequence[str]]:
    for inviter, offered in INVITES.items():
        for least, where in ((0, "their place and below"), (STRICTLY_BELOW, "strictly below")):
            roles = [f"`{role}`" for role in Role if offered.get(role) == least]
            if roles:
                yield (f"`{inviter}`", ", ".join(roles), where)


def _kinds(kinds: Iterable[NodeKind]) -> str:
    return ", ".join(str(Kind(kind).label) for kind in kinds)


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines) + "\n"
