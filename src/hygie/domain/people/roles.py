"""What each role may read and do: the same table rules the code and fills the documentation."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Final

from hygie.vocabulary.enums import NodeKind, Role

if TYPE_CHECKING:
    from collections.abc import Mapping


class Permission(StrEnum):
    """Something a role may do, on its nodes and below."""

    TERRITORY_READ = "territory.read"
    TERRITORY_IMPORT = "territory.import"
    ESTATE_READ = "estate.read"
    ESTATE_WRITE = "estate.write"
    MANDATE_SIGN = "mandate.sign"
    FINDING_READ = "finding.read"
    FINDING_PLAN = "finding.plan"
    FINDING_ACCEPT = "finding.accept"
    SURVEILLANCE_READ = "surveillance.read"
    SURVEILLANCE_STOP = "surveillance.stop"
    MEASURE_READ = "measure.read"
    ROUND_READ = "round.read"
    ROUND_RUN = "round.run"
    JOURNAL_READ = "journal.read"
    PEOPLE_READ = "people.read"
    PEOPLE_INVITE = "people.invite"
    PEOPLE_GRANT = "people.grant"
    DELEGATION_PROPOSE = "delegation.propose"
    DELEGATION_ACCEPT = "delegation.accept"
    VEILLE_PUBLISH = "veille.publish"
    INCIDENT_READ = "incident.read"
    INCIDENT_DECLARE = "incident.declare"
    INCIDENT_HANDLE = "incident.handle"
    INCIDENT_QUALIFY = "incident.qualify"
    TOKEN_ISSUE = "token.issue"  # noqa: S105 - the name of a right


_READ_ALL: Final = frozenset(
    {
        Permission.TERRITORY_READ,
        Permission.ESTATE_READ,
        Permission.FINDING_READ,
        Permission.SURVEILLANCE_READ,
        Permission.MEASURE_READ,
        Permission.ROUND_READ,
        Permission.INCIDENT_READ,
    }
)

_HIT: Final = frozenset({Permission.INCIDENT_DECLARE, Permission.INCIDENT_HANDLE})
"""What the establishment itself does in an incident."""

GRANTED: Final[Mapping[Role, frozenset[Permission]]] = {
    Role.RSSI: _READ_ALL
    | _HIT
    | {
        Permission.ESTATE_WRITE,
        Permission.SURVEILLANCE_STOP,
        Permission.FINDING_PLAN,
        Permission.FINDING_ACCEPT,
        Permission.ROUND_RUN,
        Permission.JOURNAL_READ,
        Permission.PEOPLE_READ,
        Permission.PEOPLE_INVITE,
        Permission.DELEGATION_PROPOSE,
        Permission.DELEGATION_ACCEPT,
        Permission.TOKEN_ISSUE,
    },
    Role.DIRECTOR: _READ_ALL
    | _HIT
    | {
        Permission.MANDATE_SIGN,
        Permission.SURVEILLANCE_STOP,
        Permission.FINDING_ACCEPT,
        Permission.PEOPLE_READ,
        Permission.PEOPLE_INVITE,
        Permission.DELEGATION_ACCEPT,
    },
    Role.ARS_OFFICER: _READ_ALL
    | {
        Permission.SURVEILLANCE_STOP,
        Permission.PEOPLE_READ,
        Permission.PEOPLE_INVITE,
        Permission.TOKEN_ISSUE,
    },
    Role.CERT_ANALYST: _READ_ALL
    | {
        Permission.VEILLE_PUBLISH,
        Permission.INCIDENT_QUALIFY,
        Permission.SURVEILLANCE_STOP,
        Permission.TOKEN_ISSUE,
    },
    Role.ANSSI_AUDITOR: _READ_ALL | {Permission.JOURNAL_READ, Permission.TOKEN_ISSUE},
    # The ministry sees the picture, not the weaknesses of one hospital.
    Role.MINISTRY: frozenset(
        {Permission.TERRITORY_READ, Permission.MEASURE_READ, Permission.TOKEN_ISSUE}
    ),
    Role.TRAINER: frozenset({Permission.TERRITORY_READ}),
    # The administrator runs the platform and does not read the hospitals' weaknesses.
    Role.ADMIN: frozenset(
        {
            Permission.TERRITORY_READ,
            Permission.TERRITORY_IMPORT,
            Permission.SURVEILLANCE_STOP,
            Permission.ROUND_READ,
            Permission.ROUND_RUN,
            Permission.JOURNAL_READ,
            Permission.PEOPLE_READ,
            Permission.PEOPLE_INVITE,
            Permission.PEOPLE_GRANT,
            Permission.TOKEN_ISSUE,
        }
    ),
}


def roles_with(permission: Permission) -> tuple[Role, ...]:
    """Return the roles that hold ``permission``, in the order of the table."""
    return tuple(role for role, held in GRANTED.items() if permission in held)


DELEGABLE: Final = frozenset(
    {
        *_READ_ALL,
        *_HIT,
        Permission.ESTATE_WRITE,
        Permission.FINDING_PLAN,
        Permission.FINDING_ACCEPT,
        Permission.ROUND_RUN,
    }
)
"""What a member may let another do: never the signature of a mandate, never rights on people."""

AT_OR_BELOW: Final = 0
STRICTLY_BELOW: Final = 1

INVITES: Final[Mapping[Role, Mapping[Role, int]]] = {
    # An RSSI must not make, at their own level, who signs what they may not sign.
    Role.RSSI: {Role.RSSI: STRICTLY_BELOW, Role.TRAINER: AT_OR_BELOW},
    Role.DIRECTOR: {
        Role.RSSI: AT_OR_BELOW,
        Role.TRAINER: AT_OR_BELOW,
        Role.DIRECTOR: STRICTLY_BELOW,
    },
    Role.ARS_OFFICER: {
        Role.RSSI: STRICTLY_BELOW,
        Role.DIRECTOR: STRICTLY_BELOW,
        Role.TRAINER: STRICTLY_BELOW,
    },
    Role.ADMIN: dict.fromkeys(Role, AT_OR_BELOW),
}
"""Role of who invites (and may end) -> roles offered -> least depth under the inviter's node."""

_CARE: Final = frozenset({NodeKind.GHT, NodeKind.EJ, NodeKind.ET})
_STATE: Final = frozenset({NodeKind.NATION})

LEVELS: Final[Mapping[Role, frozenset[NodeKind]]] = {
    Role.RSSI: _CARE,
    Role.DIRECTOR: _CARE,
    Role.TRAINER: _CARE,
    Role.ARS_OFFICER: frozenset({NodeKind.ARS}),
    Role.CERT_ANALYST: _STATE,
    Role.ANSSI_AUDITOR: _STATE,
    Role.MINISTRY: _STATE,
    Role.ADMIN: frozenset({NodeKind.NATION, NodeKind.ARS}),
}
"""The kinds of places on which an invitation may offer a role."""

WIDE: Final = frozenset({NodeKind.NATION, NodeKind.ARS, NodeKind.GHT})
"""Above an establishment: a role there needs a second factor, as every administrator does."""


def needs_second_factor(role: Role, kind: NodeKind) -> bool:
    """Tell whether holding ``role`` on a place of this kind makes a second factor compulsory."""
    return role == Role.ADMIN or kind in WIDE
