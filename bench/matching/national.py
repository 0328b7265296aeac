"""The whole nation: full match, counts by establishment, new CVEs located."""

from __future__ import annotations

import resource
import time
from statistics import median
from typing import TYPE_CHECKING, Final

import numpy as np

from bench.matching.nation import ESTABLISHMENTS, PRODUCTS, ROWS, Nation, nation
from bench.matching.timing import Times, once, repeated
from hygie.engines.matching.kernel import OPEN, TRUE
from hygie.engines.matching.national.counting import SEVERITIES, Counter, counts_of_components
from hygie.engines.matching.national.holding import Holders, Holdings
from hygie.engines.matching.national.locating import establishments_with, installed_rows, locate
from hygie.engines.matching.national.placing import place_texts
from hygie.engines.matching.national.touching import intervals, touch

if TYPE_CHECKING:
    from hygie.domain.veille.corpora import Corpus
    from hygie.engines.matching.columns import Column

NEW_CVES: Final = 500
_ROUNDS: Final = 25
_STEPS: Final = (9.0, 7.0, 4.0, 0.1)


def severities(corpus: Corpus) -> Column:
    """Return the severity of each CVE, 0 critical to 4 none; no score counts as high."""
    scores = corpus.tables["cve"]["cvss_score"].to_numpy()
    scores = np.where(np.isnan(scores), _STEPS[1], scores)
    found: Column = sum((scores < step).astype(np.uint8) for step in _STEPS)
    return found


def measure(corpus: Corpus) -> None:
    """Measure and print every national figure."""
    estate = nation(corpus.matcher.columns)
    size = f"{ROWS:,} installed rows, {PRODUCTS:,} distinct products"
    print(f"\n### The nation: {size}, {ESTABLISHMENTS:,} establishments\n")
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    whole = _Whole(corpus, estate)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for name, times in whole.steps.items():
        print(f"- {name}: {times}")
    total = Times(*(sum(part) for part in zip(*whole.steps.values(), strict=True)))
    print(f"- **full match, all steps: {total}**; goal 10 s")
    print(
        f"- peak memory {peak / 1024**2:.2f} GiB, of which before the match {before / 1024**2:.2f}"
    )
    print(f"- {whole.summary()}")
    whole.measure_counts()
    whole.measure_new_cves()
    whole.measure_incremental()


class _Whole:
    """One full match, step by step."""

    def __init__(self, corpus: Corpus, estate: Nation) -> None:
        self.steps: dict[str, Times] = {}
        self._columns = columns = corpus.matcher.columns
        self._corpus, self._estate = corpus, estate
        self._severity = severities(corpus)
        self._places = self._step(
            "place products (from text)",
            lambda: place_texts(corpus.matcher, estate.identities, estate.versions),
        )
        self._touched = self._step("find intervals", lambda: touch(columns, self._places))
        self._sure = self._step(
            "join them by CVE, affected",
            lambda: intervals(columns, self._touched, state=TRUE),
        )
        self._perhaps = self._step(
            "join them by CVE, affected or unknown",
            lambda: intervals(columns, self._touched, state=OPEN),
        )
        self._counts = self._step(
            "count by component",
            lambda: counts_of_components(self._places, self._sure, self._severity),
        )
        self._holdings = self._step("join installed rows", self._held)
        self._counter = self._step("prepare to count", lambda: Counter(self._holdings, workers=2))
        self._words = self._step("pack them", lambda: self._counter.words(self._counts))
        self._table = self._step("count by establishment", lambda: self._counter.count(self._words))

    def _held(self) -> Holdings:
        estate = self._estate
        return Holdings(
            estate.establishment,
            estate.component,
            establishments=ESTABLISHMENTS,
            components=PRODUCTS,
            touched=self._counts.any(axis=1),
        )

    def _step(self, name, action):  # noqa: ANN001, ANN202 - any step, any result
        result, self.steps[name] = once(action)
        return result

    def summary(self) -> str:
        """Say how much the intervals stand for."""
        stored = sum(column.nbytes for column in (*self._sure, *self._perhaps)) / 2**20
        pairs = int((self._sure.last - self._sure.first).sum())
        return (
            f"{len(self._sure.first):,} intervals affected, {len(self._perhaps.first):,} with "
            f"unknown, {stored:.0f} MiB, stand for {pairs:,} (product, CVE) pairs and "
            f"{int(self._table.sum()):,} (installed row, CVE) findings"
        )

    def measure_counts(self) -> None:
        """Compare with one read of the column of installed components, in the same run."""
        column = self._estate.component
        one = Counter(self._holdings, workers=1)
        actions = {
            "one read of the column (NumPy sum, one thread)": column.sum,
            "one thread": lambda: one.count(self._words),
            "two threads": lambda: self._counter.count(self._words),
        }
        # Taken in turns, so that a busy moment of the machine falls on all of them.
        rounds = [[once(action)[1] for action in actions.values()] for _ in range(_ROUNDS)]
        again = self._by_rows()
        for at, name in enumerate(actions):
            times = Times(*(median(r[at][k] for r in rounds) for k in (0, 1)))
            least = min(r[at].clock_s for r in rounds)
            if not at:
                print(f"- {name}: {times}, least {1000 * least:.1f} ms")
                continue
            ratio = median(r[0].clock_s / r[at].clock_s for r in rounds)
            best = min(r[0].clock_s for r in rounds) / least
            print(
                f"- **{ESTABLISHMENTS:,} x {SEVERITIES} counts, {name}: {times}, least "
                f"{1000 * least:.1f} ms = {ratio:.0%} of that bound (median of {_ROUNDS} turns), "
                f"{best:.0%} where least disturbed**; goal 20 %"
            )
        same = bool((again == self._table).all())
        print(f"- same figures as adding all {ROWS:,} rows one by one: {same}")
        print("- does: exact sums from joined (establishment, product) rows, prepared once, of")
        print("  products that have any vulnerability; does not: read the raw rows again, nor tell")
        print("  CVEs shared by two products of one establishment apart")

    def _by_rows(self) -> Column:
        found = np.zeros((ESTABLISHMENTS, SEVERITIES), np.int64)
        for number in range(SEVERITIES):
            values = self._counts[:, number].astype(np.float64)[self._estate.component]
            added = np.bincount(
                self._estate.establishment, weights=values, minlength=ESTABLISHMENTS
            )
            found[:, number] = added.astype(np.int64)
        return found

    def measure_new_cves(self) -> None:
        """Locate CVEs drawn at random, as if they were published today."""
        chance = np.random.default_rng(9)
        cves = np.sort(chance.choice(len(self._columns.cve_id), NEW_CVES, replace=False))
        holders, prepared = once(lambda: Holders(self._places, self._holdings))
        locate(self._columns, self._places, cves)
        found = locate(self._columns, self._places, cves)
        times = repeated(lambda: locate(self._columns, self._places, cves), 9)
        rows = repeated(lambda: installed_rows(found.perhaps, holders), 9)
        known = np.unique(found.perhaps.cve).tolist()
        who = repeated(lambda: [establishments_with(c, found.perhaps, holders) for c in known], 3)
        print(f"- index of holders, prepared once: {prepared}")
        print(f"- **{NEW_CVES} new CVEs located: {times}**, with their installed rows + {rows};")
        print(f"  goal 50 ms; the establishments of all {len(known)} found, named: {who}")

    def measure_incremental(self) -> None:
        """Take in the changed inventory of one establishment."""
        started = time.perf_counter()
        estate = self._estate
        own = estate.component[estate.establishment == 7]  # noqa: PLR2004 - any establishment
        one = Holdings(np.zeros(len(own), np.int32), own, establishments=1, components=PRODUCTS)
        counter = Counter(one)
        counter.count(counter.words(self._counts))
        elapsed = time.perf_counter() - started
        print(f"- one establishment's {len(own):,} rows taken in again: {1000 * elapsed:.0f} ms")
