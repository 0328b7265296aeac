"""Shapes of the answers of the Hygie API, written from its OpenAPI document.

Do not edit: ``python -m hygie.api.publish`` in the service's repository writes this file.
Times are ISO 8601 text in UTC, days are ``YYYY-MM-DD``.
"""

from __future__ import annotations

from typing import Any, Literal, TypedDict


class AcceptIn(TypedDict):
    """Until when the risk is accepted, and why."""

    until: str
    reason: str


class AdvisoryDetail(TypedDict):
    """One publication, whom it concerns, what its revisions changed."""

    id: int
    kind: AdvisoryKind
    reference: str
    title: str
    publisher: str
    cve_ids: list[str]
    published_on: str | None
    updated_on: str | None
    closed_on: str | None
    came_at: str
    changed_at: str
    content: dict[str, Any]
    concern: ConcernOut | None
    revisions: list[RevisionOut]


AdvisoryKind = Literal[
    "certfr-alert",
    "certfr-avis",
    "certfr-other",
    "csaf",
    "kev",
    "epss",
]


class AdvisoryLine(TypedDict):
    """One publication."""

    id: int
    kind: AdvisoryKind
    reference: str
    title: str
    publisher: str
    cve_ids: list[str]
    published_on: str | None
    updated_on: str | None
    closed_on: str | None
    came_at: str
    changed_at: str


class AdvisoryPage(TypedDict):
    """Publications."""

    items: list[AdvisoryLine]
    next: str | None


Answer = Literal[
    "concerned",
    "perhaps",
    "not",
    "unknown",
]


AssetKind = Literal[
    "domain",
    "address",
    "application",
    "device",
    "system",
]


class AssetOut(TypedDict):
    """Something an establishment runs."""

    id: int
    node_id: int
    kind: AssetKind
    name: str
    vendor: str
    model: str
    version: str
    criticality: Criticality
    service: str
    quantity: int
    products: int
    added_at: str


class AssetPage(TypedDict):
    """Assets."""

    items: list[AssetOut]
    next: str | None


class AssetRef(TypedDict):
    """The asset concerned."""

    id: int
    name: str
    criticality: Criticality


ChangeKind = Literal[
    "opened",
    "closed",
    "renamed",
    "moved",
    "updated",
]


class ChangeOut(TypedDict):
    """What one field lost and gained."""

    field: str
    removed: list[str]
    added: list[str]


class ConcernOut(TypedDict):
    """Whether it concerns the places where you read findings, and why."""

    answer: Answer
    why: Why
    assets: int
    exposed: int
    places: int
    detail: str


Criticality = Literal[
    "vital",
    "important",
    "support",
]


Decision = Literal[
    "act",
    "attend",
    "track",
]


class DocumentOut(TypedDict):
    """A document as it was read."""

    kind: str
    name: str
    sha256: str


EdgeRole = Literal[
    "structure",
    "support",
    "member",
    "located",
]


class EntryOut(TypedDict):
    """Who did what to which object; ``hash`` covers the line and the hash before."""

    sequence: int
    at: str
    actor: str
    on_behalf_of: str
    action: str
    subject_type: str
    subject_id: str
    node_id: int | None
    detail: dict[str, Any]
    previous_hash: str
    hash: str


class EntryPage(TypedDict):
    """Lines."""

    items: list[EntryOut]
    next: str | None


class EstablishmentDetail(TypedDict):
    """An establishment; a part that you may not read is null."""

    id: int
    kind: NodeKind
    code: str
    name: str
    opened_on: str | None
    closed_on: str | None
    category: str
    commune: str
    department: str
    region_code: str
    beds: int | None
    time_zone: str
    grade: str | None
    findings: SummaryOut | None
    measured: MeasuredOut | None


class EstablishmentOut(TypedDict):
    """An establishment; ``grade`` is null before the first round, or when you may not read it."""

    id: int
    kind: NodeKind
    code: str
    name: str
    opened_on: str | None
    closed_on: str | None
    category: str
    commune: str
    department: str
    region_code: str
    beds: int | None
    time_zone: str
    grade: str | None


class EstablishmentPage(TypedDict):
    """Establishments."""

    items: list[EstablishmentOut]
    next: str | None


EventKind = Literal[
    "seen",
    "changed",
    "returned",
    "verified",
    "decided",
    "taken",
    "planned",
    "accepted",
    "expired",
    "declared",
    "reopened",
    "set_aside",
]


class EventOut(TypedDict):
    """Something that happened to a finding."""

    at: str
    kind: EventKind
    actor: str
    detail: dict[str, Any]


class EventPage(TypedDict):
    """What happened."""

    items: list[EventOut]
    next: str | None


class FailureOut(TypedDict):
    """An item that failed, and why."""

    node: NodeRef
    step: Step
    attempts: int
    note: str


class FindingDetail(TypedDict):
    """A weakness with what was observed, why it matters, and why it was decided so."""

    id: int
    node: NodeRef
    title: str
    origin: Origin
    rule_id: str
    cve_id: str
    subject: str
    place: str
    asset: AssetRef | None
    severity: Severity
    decision: Decision | None
    state: State
    due_at: str | None
    first_seen_at: str
    last_seen_at: str
    last_reached_at: str
    times_returned: int
    taken_by: str
    planned_on: str | None
    accepted_until: str | None
    facts: dict[str, Any]
    confidence: float
    probe: str
    closed_at: str | None
    declared_at: str | None
    accepted_reason: str
    accepted_by: str
    why: str
    steps: list[str]
    reference: ReferenceOut | None
    branch: list[list[str]]
    reasons: list[str]
    would_change: list[str]
    policy: str
    moves: list[str]


class FindingLine(TypedDict):
    """A weakness of an establishment, the same from round to round."""

    id: int
    node: NodeRef
    title: str
    origin: Origin
    rule_id: str
    cve_id: str
    subject: str
    place: str
    asset: AssetRef | None
    severity: Severity
    decision: Decision | None
    state: State
    due_at: str | None
    first_seen_at: str
    last_seen_at: str
    last_reached_at: str
    times_returned: int
    taken_by: str
    planned_on: str | None
    accepted_until: str | None


class FindingPage(TypedDict):
    """Findings."""

    items: list[FindingLine]
    next: str | None


class GradeOut(TypedDict):
    """A grade with what it takes to explain it."""

    at: str
    round_id: int | None
    letter: str | None
    themes: dict[str, Any]
    points: list[dict[str, Any]]
    not_observed: list[Any]
    policy: str
    policy_version: str


class GradePage(TypedDict):
    """Grades."""

    items: list[GradeOut]
    next: str | None


HoldReason = Literal[
    "closings",
    "problems",
]


class ImportOut(TypedDict):
    """What a document changes, or changed."""

    applied: bool
    source_id: int | None
    document: DocumentOut
    rows: int
    elsewhere: int
    problem_count: int
    problems: list[RowProblemOut]
    added: int
    changed: int
    removed: int
    same: int
    changes: list[ChangeOut]


Justification = Literal[
    "component_not_present",
    "vulnerable_code_not_present",
    "vulnerable_code_not_in_execute_path",
    "vulnerable_code_cannot_be_controlled_by_adversary",
    "inline_mitigations_already_exist",
]


class MandateOut(TypedDict):
    """A signed permission to probe; hours are local to the place, [from_hour, to_hour)."""

    id: int
    node: NodeRef
    signatory: str
    contact: str
    signed_on: str
    valid_from: str
    valid_to: str
    days: str
    from_hour: int
    to_hour: int
    revoked_at: str | None
    standing: Standing
    open_now: bool
    perimeter: list[PerimeterOut]


class MandatePage(TypedDict):
    """Mandates."""

    items: list[MandateOut]
    next: str | None


class MeOut(TypedDict):
    """An account."""

    id: int
    email: str
    name: str
    roles: list[RoleOut]
    permissions: list[Permission]
    token: TokenOut | None


class MeasureList(TypedDict):
    """The last measures of a place."""

    items: list[MeasureOut]


class MeasureOut(TypedDict):
    """A value for a place and all below it, as of a round."""

    name: str
    label: str
    unit: str
    value: float
    at: str
    round_id: int


class MeasuredOut(TypedDict):
    """Counts of the last round."""

    act: float
    attend: float
    track: float
    overdue: float


class NodeDetail(TypedDict):
    """A place with what holds it and how many places it holds."""

    id: int
    kind: NodeKind
    code: str
    name: str
    opened_on: str | None
    closed_on: str | None
    category: str
    commune: str
    department: str
    region_code: str
    beds: int | None
    time_zone: str
    as_of: str
    parents: list[ParentOut]
    below: dict[str, int]


NodeKind = Literal[
    "nation",
    "ars",
    "ght",
    "ej",
    "et",
]


class NodeOut(TypedDict):
    """A place of the territory."""

    id: int
    kind: NodeKind
    code: str
    name: str
    opened_on: str | None
    closed_on: str | None
    category: str
    commune: str
    department: str
    region_code: str
    beds: int | None
    time_zone: str


class NodePage(TypedDict):
    """Places."""

    items: list[NodeOut]
    next: str | None


class NodeRef(TypedDict):
    """A place in a few words."""

    id: int
    kind: NodeKind
    code: str
    name: str


class NotAffectedIn(TypedDict):
    """Why a known vulnerability does not concern the establishment, and until when."""

    justification: Justification
    impact: str
    until: str
    everywhere: bool


Origin = Literal[
    "exposure",
    "vulnerability",
    "scan",
]


class ParentOut(TypedDict):
    """A place above, why, and since when; null dates have no known end."""

    node: NodeRef
    role: EdgeRole
    valid_from: str | None
    valid_to: str | None


PerimeterKind = Literal[
    "domain",
    "host",
    "network",
]


class PerimeterOut(TypedDict):
    """One thing a mandate covers."""

    kind: PerimeterKind
    value: str


Permission = Literal[
    "territory.read",
    "territory.import",
    "estate.read",
    "estate.write",
    "mandate.sign",
    "finding.read",
    "finding.plan",
    "finding.accept",
    "surveillance.read",
    "surveillance.stop",
    "measure.read",
    "round.read",
    "round.run",
    "journal.read",
    "people.read",
    "people.invite",
    "people.grant",
    "delegation.propose",
    "delegation.accept",
    "veille.publish",
    "incident.read",
    "incident.declare",
    "incident.handle",
    "incident.qualify",
    "token.issue",
]


class PlanIn(TypedDict):
    """When the repair is planned."""

    on: str


class ReadingOut(TypedDict):
    """A value as of a round."""

    at: str
    value: float
    round_id: int


class ReadingPage(TypedDict):
    """Values through time."""

    items: list[ReadingOut]
    next: str | None


class ReferenceOut(TypedDict):
    """The text behind a rule."""

    label: str
    url: str | None


class ReviewChangeOut(TypedDict):
    """One difference: what a place is, what the file makes it."""

    kind: ChangeKind
    node_kind: NodeKind
    code: str
    name: str
    before: dict[str, Any]
    after: dict[str, Any]
    line: int | None


class ReviewChangePage(TypedDict):
    """Changes."""

    items: list[ReviewChangeOut]
    next: str | None


class ReviewDetail(TypedDict):
    """A review with its numbers."""

    id: int
    kind: str
    file_name: str
    sha256: str
    as_of: str
    state: ReviewState
    created_at: str
    created_by: str
    settled_at: str | None
    settled_by: str
    lines_read: int
    problem_count: int
    hold_reason: HoldReason | None
    counts: dict[str, dict[str, int]]
    problems: list[Any]


class ReviewOut(TypedDict):
    """A file read and compared, waiting to be applied or dropped."""

    id: int
    kind: str
    file_name: str
    sha256: str
    as_of: str
    state: ReviewState
    created_at: str
    created_by: str
    settled_at: str | None
    settled_by: str
    lines_read: int
    problem_count: int
    hold_reason: HoldReason | None


class ReviewPage(TypedDict):
    """Reviews."""

    items: list[ReviewOut]
    next: str | None


ReviewState = Literal[
    "proposed",
    "applied",
    "dropped",
]


class RevisionOut(TypedDict):
    """One revision as it came."""

    at: str
    withdrawn: bool
    changes: list[ChangeOut]


Role = Literal[
    "rssi",
    "director",
    "ars",
    "cert",
    "anssi",
    "ministry",
    "trainer",
    "admin",
]


class RoleOut(TypedDict):
    """A role held on a place and below."""

    role: Role
    node: NodeRef


class RoundDetail(TypedDict):
    """A round, as far as your territory goes."""

    id: int
    node: NodeRef
    steps: list[Step]
    state: RoundState
    started_at: str
    finished_at: str | None
    corpus: str
    progress: list[StepOut]
    failures: list[FailureOut]


class RoundIn(TypedDict):
    """The round to start."""

    node_id: int
    steps: list[Step]


class RoundOut(TypedDict):
    """One turn over a part of the territory."""

    id: int
    node: NodeRef
    steps: list[Step]
    state: RoundState
    started_at: str
    finished_at: str | None
    corpus: str


class RoundPage(TypedDict):
    """Rounds."""

    items: list[RoundOut]
    next: str | None


RoundState = Literal[
    "running",
    "done",
    "partial",
    "stopped",
]


class RowProblemOut(TypedDict):
    """A row that cannot be read."""

    line: int
    column: str
    message: str


Severity = Literal[
    "critical",
    "major",
    "moderate",
    "minor",
    "info",
]


class SightingOut(TypedDict):
    """The same answer to the same question, from ``first_seen_at`` to ``last_seen_at``."""

    id: int
    node_id: int
    subject: str
    probe: str
    value: dict[str, Any]
    product: str
    version: str
    confidence: float
    evidence_sha256: str
    first_seen_at: str
    last_seen_at: str
    current: bool


class SightingPage(TypedDict):
    """Sightings."""

    items: list[SightingOut]
    next: str | None


Standing = Literal[
    "valid",
    "future",
    "expired",
    "revoked",
]


class StartedOut(TypedDict):
    """The round that runs now."""

    id: int
    node: NodeRef
    steps: list[Step]
    state: RoundState
    started_at: str
    finished_at: str | None
    corpus: str
    is_new: bool


State = Literal[
    "open",
    "taken",
    "planned",
    "accepted",
    "declared",
    "verified",
    "set_aside",
]


class StatementOut(TypedDict):
    """A declaration; without ``node_id`` it is a manufacturer's, for the whole nation."""

    id: int
    node_id: int | None
    cve_id: str
    status: VexStatus
    justification: str
    impact: str
    product: str
    version: str
    subject: str
    author: str
    document: str
    said_on: str | None
    declared_by: str
    declared_at: str
    expires_on: str | None
    needs_approval: bool
    approved_by: str
    approved_at: str | None
    revoked_at: str | None


class StatementPage(TypedDict):
    """Declarations."""

    items: list[StatementOut]
    next: str | None


Step = Literal[
    "refresh",
    "observe",
    "match",
    "reconcile",
    "decide",
    "notify",
    "measure",
]


class StepOut(TypedDict):
    """Items of one step within your territory."""

    step: Step
    done: int
    failed: int
    todo: int


class SummaryOut(TypedDict):
    """Findings of an establishment, by where they stand."""

    act: int
    attend: int
    track: int
    overdue: int
    accepted: int
    verified: int


class TokenOut(TypedDict):
    """What the token of this call allows: the account's roles, narrowed."""

    prefix: str
    node_id: int


VexStatus = Literal[
    "not_affected",
    "fixed",
]


Why = Literal[
    "findings",
    "open-verdict",
    "same-vendor",
    "nothing-readable",
    "set-aside",
    "no-product",
    "no-estate",
]
