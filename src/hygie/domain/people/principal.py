"""Who calls the API: an account, narrowed to what its token allows.

A ``Principal`` goes wherever ``visible_to`` and ``node_ids_for`` take a user: it answers
``pk``, ``email``, ``actor``, ``is_active`` and ``is_authenticated`` as its account does, and
``people.scope`` keeps, of what the account holds by its own roles, the token's permissions at
the token's node and below. Delegations are for people: they never pass through a token.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from hygie.domain.people.models import User
    from hygie.domain.people.roles import Permission


@dataclass(frozen=True, slots=True)
class Principal:
    """An account behind one API token.

    Attributes:
        user: the account that holds the token.
        prefix: public beginning of the token, which names it in the journal.
        permissions: what the token allows, at most what the account holds.
        node_id: the token opens this node and below, nothing else.
    """

    user: User
    prefix: str
    permissions: frozenset[Permission]
    node_id: int

    @property
    def pk(self) -> int:
        """Return the primary key of the account."""
        return self.user.pk

    @property
    def email(self) -> str:
        """Return the address of the account."""
        return self.user.email

    @property
    def actor(self) -> str:
        """Return the name under which the journal keeps what is done with this token."""
        return f"{self.user.email[:220]} (jeton {self.prefix})"

    @property
    def is_active(self) -> bool:
        """Tell whether the account is open."""
        return self.user.is_active

    @property
    def is_authenticated(self) -> Literal[True]:
        """Return True: a token was recognised."""
        return True

    @property
    def is_anonymous(self) -> Literal[False]:
        """Return False: a token was recognised."""
        return False

    def __str__(self) -> str:
        return str(self.user)
