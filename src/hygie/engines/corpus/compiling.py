"""Records of every source to the tables of one corpus.

Streaming: each record becomes integers as it arrives; only texts and numbers stay. See
``tables`` for the columns that come out.
"""

from __future__ import annotations

import re
from array import array
from collections import Counter
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from hygie.engines.corpus.axis import ABSENT_CODE, AFTER_ABSENT_CODE, START_CODE, Axis
from hygie.engines.corpus.conditions import Conditions
from hygie.engines.corpus.contexts import Context, Note, Numbers
from hygie.engines.corpus.criteria import GENERIC
from hygie.engines.corpus.facts import FactsBuilder
from hygie.engines.corpus.formats.certfr import SEVERAL_NOTE
from hygie.engines.corpus.formats.osv import SOURCE as OSV
from hygie.engines.corpus.intervals import (
    END,
    START,
    Interval,
    UnreadableSpanError,
    VersionRules,
    difference,
    interval_of,
    readable_part,
    union,
)
from hygie.engines.corpus.records import (
    AFFECTED,
    FIXED,
    NO_ATTRIBUTES,
    NOT_AFFECTED,
    UNDER_INVESTIGATION,
    CveRecord,
    Span,
    Statement,
)
from hygie.engines.corpus.tables import assemble
from hygie.vocabulary.identity import text_identity

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from hygie.engines.corpus.columns import Table
    from hygie.engines.corpus.kev import KevEntry
    from hygie.engines.corpus.records import Criterion

_Row = tuple[int, int, int, int]

LEFT_OUT_EXAMPLES: Final = 20
SAFE: Final = frozenset({NOT_AFFECTED, FIXED})

_COMMIT: Final = re.compile(r"[0-9a-f]{7,64}", re.ASCII)


class Compiler:
    """Takes records in, gives tables out; feed CVE records before KEV and EPSS.

    Args:
        rules: how versions are ordered; this engine knows no scheme.
        aliases: other names of products, by normal name or ``type:name``; they go into the
            corpus, and prevail there over the names its sources state.
        ranks: sources by precedence, smallest first; a source without rank comes last.
    """

    def __init__(
        self,
        rules: VersionRules,
        *,
        aliases: Mapping[str, tuple[str, ...]] | None = None,
        ranks: Mapping[str, int] | None = None,
    ) -> None:
        self._rules = rules
        self.own_aliases = aliases or {}
        self.ranks = ranks or {}
        self.facts = FactsBuilder()
        self.axis = Axis()
        self.products = Numbers()
        self.contexts = Numbers()
        self.attributes = Numbers({NO_ATTRIBUTES: 0})
        self.conditions = Conditions(self._partner)
        self.aliases: dict[str, set[str]] = {}
        self.rows = array("i")
        # Contexts of bulletins that do not say which CVE touches which product.
        self.unpaired: set[int] = set()
        self.left_out: Counter[str] = Counter()
        self._with_statements: set[int] = set()
        self._last: tuple[tuple[Statement, ...], list[_Row]] = ((), [])
        self._interval = lru_cache(maxsize=200_000)(
            lambda span, scheme: interval_of(span, scheme, rules)
        )

    def add_records(self, records: Iterable[CveRecord]) -> int:
        """Take records in and return how many.

        Raises:
            InputError: whatever the reader of the records raises, half-way; drop the compiler.
        """
        count = 0
        for record in records:
            self.add_record(record)
            count += 1
        return count

    def add_record(self, record: CveRecord) -> None:
        """Take one record in; facts that an earlier record gave stay, statements add up."""
        cve = self.facts.add(record)
        for name, identity in record.aliases:
            self.aliases.setdefault(name, set()).add(identity)
        for reason in record.left_out:
            self.left_out[reason] += 1
        self._add_statements(cve, record.statements)

    def add_kev(self, entry: KevEntry) -> None:
        """Take one KEV entry in; a CVE without any statement gets its product, undecided."""
        cve = self.facts.add_kev(entry)
        if cve not in self._with_statements:
            span = Span(note="le catalogue KEV ne donne pas de versions")
            identity = text_identity(entry.vendor, entry.product)
            statement = Statement(identity, "*", NO_ATTRIBUTES, GENERIC, (span,), "kev")
            self._add_statements(cve, (statement,))

    def add_epss(self, cve_id: str, probability: float) -> bool:
        """Take one score in; False when the corpus does not know the CVE."""
        return self.facts.add_epss(cve_id, probability)

    def tables(self) -> Mapping[str, Table]:
        """Return the tables of the corpus; the compiler cannot be fed afterwards."""
        return assemble(self)

    def _add_statements(self, cve: int, statements: tuple[Statement, ...]) -> None:
        # A bulletin says the same of each of its CVEs: what it says is read once.
        if statements is not self._last[0]:
            self._last = statements, list(self._rows_of(statements))
        for product, low, high, context in self._last[1]:
            self.rows.extend((product, cve, low, high, context))
        if any(statement.vex_status not in SAFE for statement in statements):
            self._with_statements.add(cve)

    def _rows_of(self, statements: tuple[Statement, ...]) -> Iterator[_Row]:
        """Yield what one document says of one CVE: product, low and high code, context.

        In a CVE or OSV record, which repeat themselves, an exact version that is a word and
        commit hashes count only where nothing else is decided of the product. A range whose
        bound cannot be read always counts, and so does every line of an advisory.
        """
        decided: set[int] = set()
        undecided: list[tuple[int, Context, Note]] = []
        notes: list[Note]
        for statement in statements:
            product = self.products[statement.identity, statement.scheme]
            context = self._context(statement)
            if statement.vex_status in SAFE:
                codes, notes = self._safe_codes(product, statement), []
            else:
                codes, notes = self._codes(product, statement)
                decided.update([product] if codes else [])
            for low, high in codes:
                yield product, low, high, self.contexts[context]
            undecided += [(product, context, note) for note in notes]
        for product, context, note in undecided:
            if note.firm or product not in decided:
                number = self.contexts[context._replace(note=note.text)]
                if note.text.endswith(SEVERAL_NOTE):
                    self.unpaired.add(number)
                yield product, *self.axis.codes(product, note.interval), number

    def _safe_codes(self, product: int, statement: Statement) -> list[tuple[int, int]]:
        """Return the versions that a document declares not affected, or fixed."""
        intervals: list[Interval] = []
        notes: list[Note] = []
        for span in statement.not_spans:
            if span.note or span.absent:
                notes.append(Note(span.note or "sans version"))
            else:
                self._read_span(span, statement.scheme, intervals, notes)
        self.left_out["déclaré non touché, versions illisibles"] += len(notes)
        return [self.axis.codes(product, interval) for interval in union(intervals)]

    def _context(self, statement: Statement) -> Context:
        pending = statement.vex_status == UNDER_INVESTIGATION
        return Context(
            statement.source,
            statement.part,
            self.attributes[statement.attributes],
            self.conditions.number(statement.condition),
            "en cours d’analyse par l’éditeur" if pending else "",
            statement.vex_status if statement.vex_status in SAFE else AFFECTED,
            statement.dated if statement.document else "",
            statement.document,
            statement.reason,
        )

    def _codes(
        self, product: int, statement: Statement
    ) -> tuple[list[tuple[int, int]], list[Note]]:
        codes: list[tuple[int, int]] = []
        notes: list[Note] = []
        intervals: list[Interval] = []
        firm = _is_advisory(statement)
        for span in statement.spans:
            if span.absent:
                codes.append(_absent(statement.part))
            elif span.note:
                notes.append(Note(span.note, firm, self._noted(span, statement.scheme)))
            else:
                self._read_span(span, statement.scheme, intervals, notes, firm=firm)
        if statement.not_spans or len(intervals) > 1:
            intervals = self._without(union(intervals), statement)
        codes += [self.axis.codes(product, interval) for interval in intervals]
        return codes, list(_joined(notes))

    def _noted(self, span: Span, scheme: str) -> Interval:
        """Return the versions a note is about: all, where it is the versions that are unread."""
        try:
            return self._interval(span._replace(note=""), scheme)
        except UnreadableSpanError:
            return START, END

    def _read_span(
        self,
        span: Span,
        scheme: str,
        intervals: list[Interval],
        notes: list[Note],
        *,
        firm: bool = False,
    ) -> None:
        try:
            intervals.append(self._interval(span, scheme))
        except UnreadableSpanError as error:
            part = readable_part(span, scheme, self._rules)
            notes.append(Note(error.message, firm or _is_range(span), part))

    def _without(self, intervals: list[Interval], statement: Statement) -> list[Interval]:
        removed: list[Interval] = []
        unreadable: list[Note] = []
        for span in statement.not_spans:
            self._read_span(span, statement.scheme, removed, unreadable)
        return difference(intervals, union(removed))

    def _partner(self, criterion: Criterion) -> tuple[int, int, int, int] | None:
        product = self.products[criterion.identity, GENERIC]
        attributes = self.attributes[criterion.attributes]
        if criterion.span.absent:
            # "Runs on" hardware is written without version: its presence is the condition.
            return product, attributes, START_CODE, AFTER_ABSENT_CODE
        try:
            interval = self._interval(criterion.span, GENERIC)
        except UnreadableSpanError:
            return None
        return product, attributes, *self.axis.codes(product, interval)


def _joined(notes: list[Note]) -> Iterator[Note]:
    """Say each thing once, on every version that it is said of."""
    said: dict[tuple[str, bool], list[Interval]] = {}
    for text, firm, interval in notes:
        said.setdefault((text, firm), []).append(interval)
    for (text, firm), intervals in said.items():
        yield from (Note(text, firm, part) for part in union(intervals))


def _is_advisory(statement: Statement) -> bool:
    """Tell a document written line by line from records that say one thing several ways."""
    return bool(statement.document) and statement.source != OSV


def _is_range(span: Span) -> bool:
    """Tell a range of versions from an exact word and from a range of commits."""
    bounds = [bound for bound in (span.start, span.end) if bound]
    return bool(bounds) and not any(_COMMIT.fullmatch(bound) for bound in bounds)


def _absent(part: str) -> tuple[int, int]:
    """NA names the hardware itself; for software it names only a product without version."""
    if part == "h":
        return START_CODE, AFTER_ABSENT_CODE
    return ABSENT_CODE, AFTER_ABSENT_CODE
