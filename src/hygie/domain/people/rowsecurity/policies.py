"""Which tables PostgreSQL guards itself, and how: the same data installs, checks and is tested.

A table that is in none of ``POLICIES``, ``RIGHTS`` and ``OPEN`` fails a test: whoever adds one
decides.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from hygie.domain.people.roles import Permission

if TYPE_CHECKING:
    from collections.abc import Mapping

_BREADTH_SYSTEM: Final = 3
_BREADTH_NATION: Final = 2
_BREADTH_PLACES: Final = 1

ANY: Final = "true"
SYSTEM_ONLY: Final = "(SELECT hygie_scope.system())"
SOMEBODY: Final = "(SELECT hygie_scope.somebody())"
RUNS_PLATFORM: Final = "(SELECT hygie_scope.over_nation(ARRAY['territory.import']))"


@dataclass(frozen=True, slots=True)
class Policy:
    """The rows of one table: three conditions in SQL, true for the platform itself.

    Attributes:
        reads: which rows a scope reads.
        writes: which rows a scope changes or removes, as they are and as they become.
        adds: which rows a scope adds.
        through: guarded table and column by which a row is read, when it names no place itself.
        read: what reading needs at the place of a row, when it names one.
    """

    reads: str
    writes: str
    adds: str
    through: tuple[str, str] = ("", "")
    read: Permission | None = None


def on_node(table: str, read: Permission, *write: Permission, column: str = "node_id") -> Policy:
    """Return the policy of a table whose rows belong to a place.

    Args:
        table: its name.
        read: what reading needs there.
        write: of which one is needed to write there; none: only the platform writes.
        column: which column names the place.
    """
    writes = _at(table, column, write) if write else SYSTEM_ONLY
    return Policy(_at(table, column, (read,)), writes, writes, read=read)


def under(table: str, parent: str, column: str, *write: Permission) -> Policy:
    """Return the policy of a table whose rows are read with a row of ``parent``, itself guarded."""
    reads = _through(table, parent, column, ANY)
    writes = SYSTEM_ONLY
    if write:
        writes = _through(table, parent, column, _at("parent", "node_id", write))
    return Policy(reads, writes, writes, through=(parent, column))


def of_account(table: str) -> Policy:
    """Return the policy of a table whose rows belong to one account."""
    own = f"({SYSTEM_ONLY} OR {table}.user_id = (SELECT hygie_scope.account()))"
    return Policy(own, own, own)


def on_node_or_shared(table: str, read: Permission, *write: Permission) -> Policy:
    """Return the policy of a table where a row without a place is everybody's to read."""
    placed = on_node(table, read, *write)
    reads = f"CASE WHEN {table}.node_id IS NULL THEN {SOMEBODY} ELSE {placed.reads} END"
    writes = f"CASE WHEN {table}.node_id IS NULL THEN {SYSTEM_ONLY} ELSE {placed.writes} END"
    return Policy(reads, writes, writes)


def _at(table: str, column: str, permissions: tuple[Permission, ...]) -> str:
    """Return the condition that a place lies where the scope has one of the permissions.

    The platform and who holds the nation are asked for no list of places, others gather theirs
    once a query (a hashed subplan), never row by row.
    """
    wanted = "ARRAY[" + ", ".join(f"'{name}'" for name in permissions) + "]"
    place = f"{table}.{column}"
    return f"""CASE (SELECT hygie_scope.breadth({wanted}))
    WHEN {_BREADTH_SYSTEM} THEN true
    WHEN {_BREADTH_NATION} THEN {place} NOT IN (SELECT hygie_scope.outside({wanted}))
    WHEN {_BREADTH_PLACES} THEN {place} IN (SELECT hygie_scope.nodes({wanted}))
    ELSE false END"""  # nosec B608 - our own names


def _through(table: str, parent: str, column: str, condition: str) -> str:
    return f"""CASE WHEN {SYSTEM_ONLY} THEN true ELSE EXISTS (
    SELECT 1 FROM {parent} parent WHERE parent.id = {table}.{column} AND {condition}) END"""  # noqa: S608 # nosec B608 - our own names


_ESTATE: Final = (Permission.ESTATE_READ, Permission.ESTATE_WRITE)
_MANDATE: Final = (Permission.MANDATE_SIGN, Permission.ESTATE_WRITE)
_INCIDENT: Final = (
    Permission.INCIDENT_DECLARE,
    Permission.INCIDENT_HANDLE,
    Permission.INCIDENT_QUALIFY,
)
_FINDING: Final = (Permission.FINDING_PLAN, Permission.FINDING_ACCEPT)

_ITEM: Final = on_node("rounds_item", Permission.ROUND_READ, Permission.ROUND_RUN)
_ROUND: Final = on_node("rounds_round", Permission.ROUND_READ, Permission.ROUND_RUN)
_ROUND_READ: Final = f"ARRAY['{Permission.ROUND_READ}']"
_JOURNAL: Final = on_node("journal_entry", Permission.JOURNAL_READ)
_SURVEILLANCE: Final = Permission.SURVEILLANCE_READ

POLICIES: Final[Mapping[str, Policy]] = {
    "estate_source": on_node("estate_source", *_ESTATE),
    "estate_asset": on_node("estate_asset", *_ESTATE),
    "estate_installed": on_node("estate_installed", *_ESTATE),
    "estate_mapping": on_node("estate_mapping", *_ESTATE),
    "estate_mandate": on_node("estate_mandate", Permission.ESTATE_READ, *_MANDATE),
    "estate_mandateproposal": on_node("estate_mandateproposal", Permission.ESTATE_READ, *_MANDATE),
    "estate_perimeterline": under(
        "estate_perimeterline", "estate_mandate", "mandate_id", *_MANDATE
    ),
    "findings_finding": on_node("findings_finding", Permission.FINDING_READ, *_FINDING),
    "findings_event": on_node("findings_event", Permission.FINDING_READ, *_FINDING),
    "surveillance_sighting": on_node("surveillance_sighting", _SURVEILLANCE),
    "surveillance_attempt": on_node("surveillance_attempt", _SURVEILLANCE),
    "surveillance_gradegiven": on_node("surveillance_gradegiven", _SURVEILLANCE),
    "surveillance_proposal": on_node(
        "surveillance_proposal", _SURVEILLANCE, Permission.ESTATE_WRITE
    ),
    "surveillance_scanimport": on_node("surveillance_scanimport", _SURVEILLANCE),
    "surveillance_directorylevel": on_node("surveillance_directorylevel", _SURVEILLANCE),
    "surveillance_exposurenotice": under(
        "surveillance_exposurenotice", "findings_finding", "finding_id"
    ),
    "veille_vexstatement": on_node_or_shared(
        "veille_vexstatement", Permission.FINDING_READ, Permission.FINDING_ACCEPT
    ),
    "incidents_incident": on_node("incidents_incident", Permission.INCIDENT_READ, *_INCIDENT),
    **{
        f"incidents_{part}": under(
            f"incidents_{part}", "incidents_incident", "incident_id", *_INCIDENT
        )
        for part in ("version", "duty", "filing", "line", "task", "service")
    },
    "observatory_measure": on_node("observatory_measure", Permission.MEASURE_READ),
    "observatory_standing": on_node("observatory_standing", Permission.MEASURE_READ),
    "rounds_item": _ITEM,
    # A national round is read by whoever has an establishment in it.
    "rounds_round": Policy(
        f"""CASE WHEN {_ROUND.reads} THEN true
    WHEN (SELECT hygie_scope.breadth({_ROUND_READ})) = {_BREADTH_NATION} THEN EXISTS (
        SELECT 1 FROM rounds_item item WHERE item.round_id = rounds_round.id)
    ELSE EXISTS (SELECT 1 FROM rounds_item item WHERE item.round_id = rounds_round.id
        AND item.node_id = ANY ((
            SELECT ARRAY(SELECT hygie_scope.nodes({_ROUND_READ})))::bigint[])) END""",  # noqa: S608 # nosec B608 - our own names
        _ROUND.writes,
        _ROUND.adds,
    ),
    "rounds_slot": Policy(SYSTEM_ONLY, SYSTEM_ONLY, SYSTEM_ONLY),
    # Every write leaves its line, a sign-in before anybody is known included; lines about no
    # place are for who reads the nation's journal.
    "journal_entry": Policy(
        f"""CASE WHEN journal_entry.node_id IS NULL
    THEN (SELECT hygie_scope.over_nation(ARRAY['{Permission.JOURNAL_READ}']))
    ELSE {_JOURNAL.reads} END""",
        SYSTEM_ONLY,
        ANY,
    ),
    "people_notice": of_account("people_notice"),
    "veille_subscription": of_account("veille_subscription"),
    "api_givenanswer": of_account("api_givenanswer"),
    "outbox_mail": Policy(
        f"""({RUNS_PLATFORM} OR EXISTS (
    SELECT 1 FROM people_notice notice WHERE notice.id = outbox_mail.notice_id))""",  # noqa: S608 # nosec B608 - our own names
        RUNS_PLATFORM,
        SYSTEM_ONLY,
    ),
}
"""Table -> its policy. Conditions of one table may read another: that one's policy holds too."""

RIGHTS: Final[Mapping[str, Policy]] = dict.fromkeys(
    (
        "people_grant", "people_invitation", "people_delegation", "people_delegatedpermission",
        "people_apitoken", "territory_node", "territory_edge", "territory_closure",
    ),
    Policy(ANY, SYSTEM_ONLY, SYSTEM_ONLY),
)  # fmt: skip
"""Tables that say who may what and where: read before anybody is known and by the policies
themselves, hold no fact of an establishment, and are written by the platform alone: whoever could
add a role to an account would have lifted every policy."""

GUARDED: Final[Mapping[str, Policy]] = {**POLICIES, **RIGHTS}
"""Every table with policies."""

_PUBLIC_REGISTER: Final = "registre public (FINESS) ; lu par les règles elles-mêmes"
_BEFORE: Final = "lu avant que l’on sache qui demande ; aucun fait d’un établissement"
_SHARED: Final = "connaissance commune, sans établissement"
_MACHINERY: Final = "rouages : ni faiblesse ni inventaire"

OPEN: Final[Mapping[str, str]] = {
    "territory_revision": _PUBLIC_REGISTER,
    "territory_review": _PUBLIC_REGISTER,
    "territory_change": _PUBLIC_REGISTER,
    "people_user": _BEFORE,
    "people_signin": _BEFORE,
    "estate_product": _SHARED,
    "veille_cve": _SHARED,
    "veille_match": _SHARED,
    "veille_matched": _SHARED,
    "veille_advisory": _SHARED,
    "veille_advisorycve": _SHARED,
    "veille_revision": _SHARED,
    "veille_refusal": _SHARED,
    "veille_takenin": _SHARED,
    "journal_head": _MACHINERY,
    "surveillance_stop": "l’arrêt d’urgence se lit partout et n’apprend aucune faiblesse",
    "rounds_runner": _MACHINERY,
    "rounds_trouble": _MACHINERY,
    "api_callcount": _MACHINERY,
}
"""Table of ours left unguarded -> why."""
