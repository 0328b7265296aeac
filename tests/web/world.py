"""A small invented territory: 2 regions, 3 GHT, 4 establishments, an account for each role."""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import dataclass, field

from allauth.mfa.models import Authenticator
from django.utils import timezone

from hygie.domain.estate.mandates import Line
from hygie.domain.estate.models import (
    Asset,
    AssetKind,
    Mandate,
    MandateProposal,
    PerimeterKind,
    Source,
)
from hygie.domain.estate.permits import Terms, sign_mandate
from hygie.domain.findings.models import Event, EventKind, Finding, Origin, State
from hygie.domain.incidents.declaring import declare
from hygie.domain.incidents.drafting import save_draft, start_draft
from hygie.domain.incidents.filing import file_duty
from hygie.domain.incidents.handling import write_line
from hygie.domain.incidents.kinds import Kind
from hygie.domain.incidents.models import Channel, Incident
from hygie.domain.observatory.measures import NAMES
from hygie.domain.observatory.models import Measure, Standing
from hygie.domain.people.models import (
    ApiToken,
    DelegatedPermission,
    Delegation,
    Grant,
    Invitation,
    Notice,
    User,
)
from hygie.domain.people.roles import needs_second_factor
from hygie.domain.rounds.models import Item, ItemState, Round, RoundState, Step
from hygie.domain.surveillance.models import TARGET, Attempt, GradeGiven, Sighting
from hygie.domain.territory.closure import rebuild_closure
from hygie.domain.territory.models import Edge, EdgeRole, Node
from hygie.domain.veille.models import Cve, Justification, VexStatement
from hygie.vocabulary.enums import Criticality, Decision, NodeKind, Role, Severity

PASSWORD = "Une phrase inventée de test"
EVIDENCE = b"HTTP/1.1 200 OK\r\nServer: Invente/1.0\r\n<script>alert(1)</script>"
RULE = "tls.old-version"
CVE = "CVE-2099-0001"


@dataclass
class World:
    """What was made, by the name tests use."""

    nodes: dict[str, Node] = field(default_factory=dict)
    users: dict[str, User] = field(default_factory=dict)
    findings: dict[str, Finding] = field(default_factory=dict)
    mandates: dict[str, Mandate] = field(default_factory=dict)
    rounds: dict[str, Round] = field(default_factory=dict)
    agents: dict[str, User] = field(default_factory=dict)
    grants: dict[str, Grant] = field(default_factory=dict)
    invitations: dict[str, Invitation] = field(default_factory=dict)
    delegations: dict[str, Delegation] = field(default_factory=dict)
    tokens: dict[str, ApiToken] = field(default_factory=dict)
    statements: dict[str, VexStatement] = field(default_factory=dict)
    services: dict[str, User] = field(default_factory=dict)
    proposals: dict[str, MandateProposal] = field(default_factory=dict)
    incidents: dict[str, Incident] = field(default_factory=dict)


_TREE = (
    ("nation", NodeKind.NATION, "N", "Nation d’essai", None),
    ("x1", NodeKind.ARS, "X1", "ARS du Levant", "nation"),
    ("x2", NodeKind.ARS, "X2", "ARS des Îles", "nation"),
    ("ght-a", NodeKind.GHT, "GHT-A", "GHT du Levant nord", "x1"),
    ("ght-b", NodeKind.GHT, "GHT-B", "GHT du Levant sud", "x1"),
    ("ght-c", NodeKind.GHT, "GHT-C", "GHT des Îles", "x2"),
    ("ej-a", NodeKind.EJ, "990000101", "Centre hospitalier d’Aurore", "ght-a"),
    ("ej-b", NodeKind.EJ, "990000200", "Centre hospitalier de Brume", "ght-b"),
    ("ej-c", NodeKind.EJ, "990000309", "Centre hospitalier de Corail", "ght-c"),
    ("own", NodeKind.ET, "990100109", "Hôpital d’Aurore", "ej-a"),
    ("annex", NodeKind.ET, "990100208", "EHPAD d’Aurore", "ej-a"),
    ("neighbour", NodeKind.ET, "990100307", "Hôpital de Brume", "ej-b"),
    ("overseas", NodeKind.ET, "990100406", "Hôpital de Corail", "ej-c"),
)

PLACES = ("own", "neighbour", "overseas")
"""The establishments that have an estate, findings, a mandate and a round."""

ROLES = (
    ("rssi", Role.RSSI, "own"),
    ("ght_rssi", Role.RSSI, "ght-a"),
    ("neighbour_rssi", Role.RSSI, "ght-b"),
    ("director", Role.DIRECTOR, "ej-a"),
    ("ars", Role.ARS_OFFICER, "x1"),
    ("cert", Role.CERT_ANALYST, "nation"),
    ("anssi", Role.ANSSI_AUDITOR, "nation"),
    ("ministry", Role.MINISTRY, "nation"),
    ("trainer", Role.TRAINER, "ght-a"),
    ("admin", Role.ADMIN, "nation"),
)


def build(*, now: dt.datetime | None = None) -> World:
    """Write the world into the database; costs some two hundred inserts."""
    at = now or timezone.now()
    world = World()
    _build_tree(world)
    _build_people(world, at)
    for name in PLACES:
        _build_agent(world, name, at)
        _build_estate(world, name, at)
        _build_proposal(world, name, at)
        _build_findings(world, name, at)
        _build_surveillance(world, name, at)
        _build_incident(world, name, at)
    _build_rounds(world, at)
    return world


def _build_tree(world: World) -> None:
    for name, kind, code, label, parent in _TREE:
        node = Node(kind=kind, code=code, name=label, region_code=code if kind == "ars" else "")
        if kind == NodeKind.ET:
            node.commune, node.beds, node.category_label = (
                "Ville-Inventée",
                120,
                "Centre hospitalier",
            )
        if name in ("x2", "ght-c", "ej-c", "overseas"):
            node.time_zone = "Indian/Reunion"
        node.save()
        world.nodes[name] = node
        if parent:
            role = EdgeRole.SUPPORT if kind == NodeKind.EJ else EdgeRole.STRUCTURE
            Edge.objects.create(parent=world.nodes[parent], child=node, role=role)
    rebuild_closure()


def _build_incident(world: World, place: str, now: dt.datetime) -> None:
    """Write a declared incident whose first duty was answered."""
    actor = f"agent@ch.{place}.example"
    draft = start_draft(world.nodes[place], actor=actor, now=now)
    said = {"kind": Kind.POWER, "summary": f"Panne à ch.{place}.example", "operation": "degraded"}
    incident = declare(save_draft(draft, said, now=now), actor=actor, now=now)
    duty = incident.duties.earliest("pk")
    file_duty(duty, channel=Channel.HAND, filed_at=now, actor=actor, now=now, proof="A-1")
    write_line(incident, f"Vu à ch.{place}.example", at=now, actor=actor, now=now)
    world.incidents[place] = incident


def _build_people(world: World, now: dt.datetime) -> None:
    for name, role, place in ROLES:
        user = User(email=f"{name}@exemple.example", name=f"Personne {name}", is_demo=True)
        # Argon2 costs a third of a second an account; tests that need a password set it.
        user.set_unusable_password()
        user.save()
        Grant.objects.create(
            user=user, role=role, node=world.nodes[place], valid_from=dt.date(2020, 1, 1)
        )
        Notice.objects.create(user=user, key="bienvenue", at=now, text="Bienvenue.", link="/")
        if needs_second_factor(role, NodeKind(world.nodes[place].kind)):
            Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data={})
        world.users[name] = user


def _build_agent(world: World, place: str, now: dt.datetime) -> None:
    """Write what the pages about people show of a place: a person, and what waits or runs."""
    node, later = world.nodes[place], now + dt.timedelta(days=30)
    agent = User.objects.create(email=f"agent@ch.{place}.example", name=f"Agent ch.{place}.example")
    world.agents[place] = agent
    since = dt.date(2020, 1, 1)
    world.grants[place] = Grant.objects.create(
        user=agent, role=Role.TRAINER, node=node, valid_from=since
    )
    world.invitations[place] = Invitation.objects.create(
        email=f"invite@ch.{place}.example",
        role=Role.TRAINER,
        node=node,
        token_hash=hashlib.sha256(place.encode()).hexdigest(),
        invited_by="administration",
        invited_at=now,
        expires_at=later,
    )
    delegation = Delegation.objects.create(
        node=node,
        to_user=agent,
        reason=f"Pour ch.{place}.example",
        valid_from=now.date(),
        valid_to=later.date(),
        proposed_by=agent,
        proposed_at=now,
    )
    DelegatedPermission.objects.create(delegation=delegation, permission="finding.read")
    world.delegations[place] = delegation
    service = User.objects.create(
        email=f"siem@ch.{place}.example", name=f"SIEM ch.{place}.example", is_service=True
    )
    world.services[place] = service
    world.tokens[place] = ApiToken.objects.create(
        user=service,
        name=f"SIEM ch.{place}.example",
        prefix=f"hyg_{place}"[:12],
        secret_hash=hashlib.sha256(f"secret {place}".encode()).hexdigest(),
        permissions=["finding.read"],
        node=node,
        issued_by="administration",
        issued_at=now,
        expires_at=later,
    )


def _build_estate(world: World, name: str, now: dt.datetime) -> None:
    node = world.nodes[name]
    source = Source.objects.create(
        node=node,
        kind="inventory",
        name="inventaire.csv",
        sha256="0" * 64,
        rows=2,
        read_at=now,
        read_by="essai@exemple.example",
    )
    for kind, label, stake in (
        (AssetKind.DOMAIN, f"vpn.{name}.example", Criticality.VITAL),
        (AssetKind.DEVICE, "Console d’imagerie", Criticality.IMPORTANT),
    ):
        Asset.objects.create(
            node=node, kind=kind, name=label, criticality=stake, source=source, added_at=now
        )
    today = timezone.localdate()
    world.mandates[name] = sign_mandate(
        node,
        Terms(
            signatory="Sacha Invention",
            contact="astreinte@exemple.example",
            signed_on=today,
            valid_from=today,
            valid_to=today + dt.timedelta(days=200),
        ),
        [Line(PerimeterKind.DOMAIN, f"{name}.example")],
        actor="essai",
        now=now,
    )


def _build_proposal(world: World, name: str, now: dt.datetime) -> None:
    today = timezone.localdate()
    world.proposals[name] = MandateProposal.objects.create(
        node=world.nodes[name],
        contact="astreinte@exemple.example",
        valid_from=today,
        valid_to=today + dt.timedelta(days=100),
        perimeter=[[str(PerimeterKind.HOST), f"portail.{name}.example"]],
        proposed_by="essai@exemple.example",
        proposed_at=now,
    )


def _build_findings(world: World, name: str, now: dt.datetime) -> None:
    Cve.objects.get_or_create(
        cve_id=CVE, defaults={"description": "An invented flaw.", "cvss_score": 9.8}
    )
    for rank, (key, values) in enumerate(_findings(now).items()):
        finding = Finding.objects.create(
            node=world.nodes[name],
            identity=hashlib.sha256(f"{name}{key}".encode()).hexdigest(),
            subject=f"vpn.{name}.example:443",
            first_seen_at=now - dt.timedelta(days=9),
            last_seen_at=now,
            last_reached_at=now,
            rank=rank,
            **values,
        )
        Event.objects.create(finding=finding, at=now, kind=EventKind.SEEN, actor="système")
        world.findings[f"{name}.{key}"] = finding
    world.statements[name] = VexStatement.objects.create(
        node=world.nodes[name],
        cve_id=CVE,
        justification=Justification.MITIGATED,
        impact="Le port est filtré par le pare-feu interne.",
        product="autre 1.0",
        subject=f"vpn.{name}.example:443",
        author=world.nodes[name].name,
        declared_by=f"agent@ch.{name}.example",
        declared_at=now,
        expires_on=timezone.localdate() + dt.timedelta(days=30),
    )


def _findings(now: dt.datetime) -> dict[str, dict[str, object]]:
    weak = {
        "origin": Origin.EXPOSURE,
        "rule_id": RULE,
        "probe": "tls",
        "severity": Severity.MAJOR,
        "title": "Versions anciennes de TLS acceptées",
        "facts": {"accepted": ["TLSv1.0"], "certificate.trusted": None},
        "branch": [["severity", "major"], ["exposure", "open"], ["criticality", "vital"]],
        "reasons": [{"code": "severity.major", "params": {}}],
        "would_change": [],
        "policy_version": "1.0",
    }
    flaw = {
        "origin": Origin.VULNERABILITY,
        "cve_id": CVE,
        "severity": Severity.CRITICAL,
        "title": f"{CVE} : passerelle inventée",
        "place": "passerelle 1.0",
        "facts": {"fixed_in": "1.2"},
        "confidence": 0.8,
        "reasons": [{"code": "exploitation.active", "params": {}}],
    }
    hour = dt.timedelta(hours=1)
    return {
        "flaw": {**flaw, "decision": Decision.ACT, "due_at": now + 48 * hour},
        "late": {**weak, "decision": Decision.ACT, "due_at": now - 48 * hour},
        "taken": {
            **weak,
            "decision": Decision.ATTEND,
            "state": State.TAKEN,
            "taken_by": "a@b.example",
            "due_at": now + 99 * hour,
        },
        "accepted": {
            **weak,
            "decision": Decision.TRACK,
            "state": State.ACCEPTED,
            "accepted_until": timezone.localdate() + dt.timedelta(days=30),
            "accepted_reason": "Équipement remplacé le mois prochain.",
            "accepted_by": "a@b.example",
        },
        "verified": {**weak, "decision": Decision.TRACK, "state": State.VERIFIED, "closed_at": now},
    }


def _build_surveillance(world: World, name: str, now: dt.datetime) -> None:
    node, subject = world.nodes[name], f"vpn.{name}.example:443"
    Sighting.objects.create(
        node=node,
        subject=subject,
        probe="tls",
        value={"accepted": ["TLSv1.0"]},
        value_hash="1" * 64,
        evidence=EVIDENCE,
        evidence_sha256=hashlib.sha256(EVIDENCE).hexdigest(),
        confidence=1.0,
        first_seen_at=now - dt.timedelta(days=9),
        last_seen_at=now,
    )
    for host, reached in ((f"vpn.{name}.example", True), (f"mail.{name}.example", False)):
        Attempt.objects.create(node=node, subject=host, probe=TARGET, at=now, reached=reached)
    Attempt.objects.create(
        node=node,
        subject=f"mail.{name}.example",
        probe="mail",
        at=now,
        reached=False,
        reason="timeout",
        detail="pas de réponse en 5 secondes",
    )


def _build_rounds(world: World, now: dt.datetime) -> None:
    for age, letter in ((40, "D"), (0, "C")):
        at = now - dt.timedelta(days=age)
        turn = Round.objects.create(
            node=world.nodes["nation"],
            steps=list(Step),
            state=RoundState.PARTIAL,
            started_at=at,
            started_by="système",
            finished_at=at,
        )
        _build_items(world, turn, at)
        for name in PLACES:
            _grade(world.nodes[name], turn, letter, at)
        _measure(world, turn, at, current=age == 0)
    world.rounds["national"] = turn
    for name in PLACES:
        local = Round.objects.create(
            node=world.nodes[name],
            steps=["match"],
            state=RoundState.DONE,
            started_at=now,
            started_by="essai",
            finished_at=now,
        )
        Item.objects.create(
            round=local, node=world.nodes[name], step=Step.MATCH, position=0, state=ItemState.DONE
        )
        world.rounds[name] = local


def _build_items(world: World, turn: Round, at: dt.datetime) -> None:
    for position, name in enumerate(PLACES):
        failed = name == "neighbour"
        Item.objects.create(
            round=turn,
            node=world.nodes[name],
            step=Step.OBSERVE,
            position=position,
            state=ItemState.FAILED if failed else ItemState.DONE,
            attempts=3,
            finished_at=at,
            note="résolveur injoignable" if failed else "",
        )


def _grade(node: Node, turn: Round, letter: str, at: dt.datetime) -> None:
    GradeGiven.objects.create(
        node=node,
        at=at,
        round_id=turn.pk,
        letter=letter,
        policy="hygie.exposure",
        policy_version="1.0",
        not_observed=[],
        themes={
            "tls": _theme(letter, 55, unanswered=0),
            "mail": _theme(None, None, unanswered=1),
        },
        points=[
            {
                "rule_id": RULE,
                "theme": "tls",
                "subject": f"vpn.{node.pk}.example:443",
                "place": "TLSv1.0",
                "points": 45,
            },
        ],
    )


def _theme(letter: str | None, score: int | None, *, unanswered: int) -> dict[str, object]:
    return {
        "letter": letter,
        "score": score,
        "capped": score is None,
        "answered": 1 - unanswered,
        "unanswered": unanswered,
    }


_COUNTS = {"findings.act": 2.0, "findings.attend": 1.0, "findings.overdue": 1.0}


def _measure(world: World, turn: Round, at: dt.datetime, *, current: bool) -> None:
    Measure.objects.bulk_create(
        Measure(
            node=node,
            name=name,
            at=at,
            round_id=turn.pk,
            current=current,
            value=float(
                {"findings.act": 2, "findings.attend": 1, "findings.overdue": 1}.get(name, 0)
            ),
        )
        for node in world.nodes.values()
        for name in NAMES
        if node.code != "990100208"
    )
    if current:
        Standing.objects.bulk_create(
            Standing(node=node, overdue=1, act=2, attend=1)
            for node in world.nodes.values()
            if node.kind == "et" and node.code != "990100208"
        )
