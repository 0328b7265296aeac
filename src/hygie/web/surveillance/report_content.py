"""What the report of an establishment says: the same values for the page and for the PDF."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from hygie.domain.findings import queries as findings
from hygie.domain.findings.models import Event, EventKind, Finding, State
from hygie.domain.findings.telling import language, rule_of, title_of
from hygie.domain.rounds import queries as rounds
from hygie.domain.surveillance import queries as surveillance
from hygie.domain.surveillance.models import DirectoryLevel
from hygie.domain.territory.queries import below
from hygie.engines.rendering.document import Block, Document
from hygie.web.moments import moment
from hygie.web.territory.grading import explain_grade

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable

    from django.db.models import QuerySet

    from hygie.domain.findings.queries import Summary
    from hygie.domain.people.models import User
    from hygie.domain.territory.models import Node
    from hygie.web.territory.grading import GradeWords

PLAN: Final = 30
ANNEX: Final = 300
CHANGED: Final = 40


@dataclass(frozen=True, slots=True)
class Line:
    """One weakness in words."""

    finding: Finding
    title: str
    decision: str
    before: str
    first_step: str


@dataclass(frozen=True, slots=True)
class Content:
    """The whole report; ``since`` is when the last round began, None before the first."""

    node: Node
    made: str
    grade: GradeWords | None
    before: str
    summary: Summary
    plan: tuple[Line, ...]
    annex: tuple[Line, ...]
    accepted: tuple[Finding, ...]
    since: dt.datetime | None
    new: tuple[str, ...]
    returned: tuple[str, ...]
    verified: tuple[str, ...]
    levels: tuple[DirectoryLevel, ...]
    reached: str

    @property
    def sentence(self) -> str:
        """The first line: where the establishment stands."""
        act = self.summary.act
        if not self.summary.open:
            return _("Rien n’est à corriger à notre connaissance.")
        return ngettext(
            "%(act)d faiblesse appelle à agir maintenant, sur %(open)d à traiter.",
            "%(act)d faiblesses appellent à agir maintenant, sur %(open)d à traiter.",
            act,
        ) % {"act": act, "open": self.summary.open}


def content_of(user: User, node: Node, *, now: dt.datetime) -> Content:
    """Gather the report of one establishment within the reader's rights."""
    given = surveillance.grades(user, node.pk, limit=2)
    turn = rounds.last_round(user, node.pk)
    since = turn.started_at if turn else None
    filters = findings.Filters(node_id=node.pk)
    rows = [_line(one, node) for one in findings.listed(user, filters, now=now)[:ANNEX]]
    reach = surveillance.reach(user, node.pk)
    readable = Finding.objects.visible_to(user).filter(node_id__in=below(node.pk))
    changed = _changed(readable, since)
    levels = DirectoryLevel.objects.visible_to(user).filter(node=node).select_related("scan")
    return Content(
        node=node,
        made=moment(now, node.time_zone),
        grade=explain_grade(given[0]) if given else None,
        before=given[1].letter if len(given) > 1 else "",
        summary=findings.summary(user, node.pk, now=now),
        plan=tuple(rows[:PLAN]),
        annex=tuple(rows),
        accepted=tuple(readable.filter(state=State.ACCEPTED).order_by("accepted_until")[:ANNEX]),
        since=since,
        new=changed[EventKind.SEEN],
        returned=changed[EventKind.RETURNED],
        verified=changed[EventKind.VERIFIED],
        levels=tuple(_last_levels(levels)),
        reached=_("%(reached)d cibles atteintes sur %(asked)d.")
        % {"reached": reach.reached, "asked": reach.asked},
    )


def document_of(content: Content) -> Document:
    """Return the report as blocks to print."""
    title = _("Exposition de %(name)s") % {"name": content.node.name}
    blocks = (*_first_page(content, title), *_plan(content), *_annex(content))
    foot = f"Hygie · {content.node.code} · {content.made}"
    return Document(title=title, lang=language(), blocks=blocks, foot=foot)


def _first_page(content: Content, title: str) -> list[Block]:
    blocks = [Block("heading", title, 1), Block("strong", content.sentence)]
    if content.grade:
        letter = content.grade.given.letter or "–"
        said = _("Note d’exposition : %(letter)s.") % {"letter": letter}
        if content.before:
            said += " " + _("Avant : %(letter)s.") % {"letter": content.before}
        blocks.append(Block("text", f"{said} {content.reached}"))
        blocks.append(_themes(content.grade))
    blocks += [
        Block("text", _("Active Directory %(domain)s : niveau %(level)d sur 5 (%(day)s).")
              % {"domain": one.domain, "level": one.level, "day": f"{one.taken_at:%d/%m/%Y}"})
        for one in content.levels
    ]  # fmt: skip
    if content.since:
        blocks.append(Block("heading", _("Ce qui a changé depuis la dernière ronde"), 2))
        for words, names in (
            (_("Nouvelles"), content.new),
            (_("Revenues"), content.returned),
            (_("Corrigées et vérifiées"), content.verified),
        ):
            blocks.append(Block("strong", f"{words} : {len(names)}"))
            blocks += [Block("items", rows=tuple((name,) for name in names))] if names else []
    return blocks


def _themes(grade: GradeWords) -> Block:
    rows = [(_("Thème"), _("Lettre"), _("Points sur 100"))]
    rows += [
        (one.title, one.letter or "–", _("non observé") if one.score is None else str(one.score))
        for one in grade.themes
    ]
    return Block("table", _("Note de chaque thème"), rows=tuple(rows))


def _plan(content: Content) -> list[Block]:
    heads = (_("Décision"), _("Quoi"), _("Où"), _("Avant"), _("Premier geste"))
    rows = [(x.decision, x.title, x.finding.subject, x.before, x.first_step) for x in content.plan]
    if not rows:
        return []
    caption = _("Les %(n)d premières, dans l’ordre où les traiter") % {"n": len(rows)}
    return [
        Block("page"),
        Block("heading", _("Plan classé"), 2),
        Block("table", caption, rows=(heads, *rows)),
    ]


def _annex(content: Content) -> list[Block]:
    blocks = [Block("page"), Block("heading", _("Annexe"), 2)]
    if content.grade and content.grade.points:
        heads = (_("Points"), _("Faiblesse"), _("Où"), _("Référence"))
        points = tuple(
            (
                f"−{one.points}",
                one.title,
                f"{one.subject} {one.place}".strip(),
                _reference(one.reference, confirmed=one.confirmed),
            )
            for one in content.grade.points
        )
        blocks += [
            Block("heading", _("Points perdus"), 3),
            Block("table", _("Chaque point perdu et sa référence"), rows=(heads, *points)),
        ]
    if content.annex:
        heads = (_("Faiblesse"), _("Où"), _("Gravité"), _("Vue depuis"))
        rows = tuple(
            (one.title, f"{one.finding.subject} {one.finding.place}".strip(),
             str(one.finding.get_severity_display()), f"{one.finding.first_seen_at:%d/%m/%Y}")
            for one in content.annex
        )  # fmt: skip
        blocks += [
            Block("heading", _("Toutes les faiblesses à traiter"), 3),
            Block("table", _("Faiblesses à traiter"), rows=(heads, *rows)),
        ]
    if content.accepted:
        heads = (_("Faiblesse"), _("Raison"), _("Accepté par"), _("Jusqu’au"))
        rows = tuple(
            (f"{title_of(one)}, {one.subject}", one.accepted_reason, one.accepted_by,
             f"{one.accepted_until:%d/%m/%Y}")
            for one in content.accepted
        )  # fmt: skip
        blocks += [
            Block("heading", _("Risques acceptés"), 3),
            Block("table", _("Risques acceptés, avec leur terme"), rows=(heads, *rows)),
        ]
    if content.grade:
        blocks.append(Block("text", content.grade.notice))
    return blocks


def _reference(words: str, *, confirmed: bool) -> str:
    return words if confirmed else f"{words} ({_('non confirmé')})".strip()


def _line(finding: Finding, node: Node) -> Line:
    rule = rule_of(finding.rule_id)
    steps = [step.in_language(language()) for step in rule.steps] if rule else []
    solution = str(finding.facts.get("solution") or "")
    fixed = str(finding.facts.get("fixed_in") or "")
    update = _("Mettre à jour en version %(version)s.") % {"version": fixed} if fixed else solution
    return Line(
        finding=finding,
        title=title_of(finding),
        decision=str(finding.get_decision_display() or _("à décider")),
        before=moment(finding.due_at, node.time_zone) if finding.due_at else "",
        first_step=steps[0] if steps else update,
    )


def _changed(
    readable: QuerySet[Finding], since: dt.datetime | None
) -> dict[EventKind, tuple[str, ...]]:
    kinds = (EventKind.SEEN, EventKind.RETURNED, EventKind.VERIFIED)
    found: dict[EventKind, tuple[str, ...]] = dict.fromkeys(kinds, ())
    if since is None:
        return found
    events = Event.objects.filter(finding__in=readable, at__gte=since, kind__in=kinds)
    for event in events.select_related("finding").order_by("finding__rank", "pk"):
        kind = EventKind(event.kind)
        if len(found[kind]) < CHANGED:
            found[kind] += (f"{title_of(event.finding)}, {event.finding.subject}",)
    return found


def _last_levels(levels: Iterable[DirectoryLevel]) -> list[DirectoryLevel]:
    """Return the last level of each directory."""
    return list({one.domain: one for one in reversed(list(levels))}.values())
