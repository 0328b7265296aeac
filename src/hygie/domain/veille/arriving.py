"""Take in what came: new advisories, revisions, withdrawals, exploited flaws, EPSS jumps.

Done twice it gives the same rows. A document that is malformed is refused whole, with its
reason; the others go on.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.db import transaction

from hygie.domain.veille.advisory_reading import Arrival, of_jump, of_kev, read_arrivals
from hygie.domain.veille.documents import each_document
from hygie.domain.veille.models import Advisory, AdvisoryCve, Cve, Refusal, Revision, TakenIn
from hygie.engines.corpus import kev
from hygie.engines.deciding.decision import decision_policy
from hygie.engines.exchange import reading
from hygie.vocabulary.errors import InputError

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from hygie.domain.veille.actions import CorpusLike
    from hygie.domain.veille.documents import Document

KEV_FILE: Final = "known_exploited_vulnerabilities.json"
KEV_MAX_BYTES: Final = 64 * 1024 * 1024
_BATCH: Final = 400


@dataclass(slots=True)
class Came:
    """How many documents did what; ``same`` said nothing new."""

    new: int = 0
    changed: int = 0
    same: int = 0
    refused: int = 0

    def add(self, other: Came) -> None:
        """Count the documents of another batch."""
        self.new += other.new
        self.changed += other.changed
        self.same += other.same
        self.refused += other.refused


def take_in(folder: Path, corpus: CorpusLike, *, now: dt.datetime) -> Came:
    """Bring the stream up to date with a folder of sources and the corpus built from them."""
    came = take_in_documents(folder, now=now)
    came.add(_keep(_exploited(folder, now), now))
    came.add(_keep(_jumps(corpus, now), now))
    return came


def take_in_documents(folder: Path, *, now: dt.datetime) -> Came:
    """Take in every bulletin and advisory of a folder, archives and line files included.

    A document whose very bytes were read before is not read again.
    """
    came = Came()
    batch: dict[str, Document] = {}
    for document in each_document(folder):
        batch[hashlib.sha256(document.body).hexdigest()] = document
        if len(batch) >= _BATCH:
            came.add(_take_batch(batch, now))
            batch = {}
    came.add(_take_batch(batch, now))
    return came


def _take_batch(batch: Mapping[str, Document], now: dt.datetime) -> Came:
    """Read what was not read yet, and write what it says together with the mark that it was."""
    done = set(TakenIn.objects.filter(pk__in=list(batch)).values_list("pk", flat=True))
    refused: list[Refusal] = []
    arrivals: list[Arrival] = []
    for sha256, document in batch.items():
        if sha256 in done:
            continue
        try:
            arrivals += read_arrivals(document.body, name=document.name) or ()
        except InputError as error:
            refused.append(
                Refusal(name=document.name[:200], sha256=sha256, reason=str(error)[:400], at=now)
            )
    with transaction.atomic():
        came = _keep(arrivals, now)
        Refusal.objects.bulk_create(refused, batch_size=_BATCH, ignore_conflicts=True)
        TakenIn.objects.bulk_create(
            [TakenIn(sha256=one) for one in batch if one not in done],
            batch_size=_BATCH,
            ignore_conflicts=True,
        )
    came.refused, came.same = len(refused), came.same + len(done)
    return came


def _refuse(name: str, body: bytes, reason: str, now: dt.datetime) -> None:
    Refusal.objects.get_or_create(
        sha256=hashlib.sha256(body).hexdigest(),
        defaults={"name": name[:200], "reason": reason[:400], "at": now},
    )


def _keep(arrivals: Iterable[Arrival], now: dt.datetime) -> Came:
    """Write what is new or changed; of two of one reference, the later read speaks."""
    wanted = {(one.kind, one.reference): one for one in arrivals}
    came = Came()
    for start in range(0, len(wanted), _BATCH):
        batch = dict(list(wanted.items())[start : start + _BATCH])
        with transaction.atomic():
            came.add(_keep_batch(batch, now))
    return came


def _keep_batch(batch: Mapping[tuple[str, str], Arrival], now: dt.datetime) -> Came:
    rows = Advisory.objects.select_for_update().filter(
        reference__in={reference for _, reference in batch}
    )
    known = {(row.kind, row.reference): row for row in rows}
    new = [_row(one, now) for key, one in batch.items() if key not in known]
    changed = []
    for key, row in known.items():
        one = batch.get(key)
        if one is None or one.sha256 == row.sha256 or _poorer(one, row):
            continue
        _update(row, one, now)
        changed.append(row)
    Advisory.objects.bulk_create(new, batch_size=_BATCH)
    Advisory.objects.bulk_update(changed, _FIELDS, batch_size=_BATCH)
    AdvisoryCve.objects.filter(advisory__in=changed).delete()
    _name([*new, *changed])
    Revision.objects.bulk_create(
        [
            Revision(advisory=r, content=_state(r), sha256=r.sha256, at=now)
            for r in [*new, *changed]
        ],
        batch_size=_BATCH,
        ignore_conflicts=True,
    )
    return Came(len(new), len(changed), len(batch) - len(new) - len(changed))


_FIELDS: Final = (
    *("title", "publisher", "content", "cve_ids", "sha256"),
    *("published_on", "updated_on", "closed_on", "changed_at"),
)


def _poorer(one: Arrival, row: Advisory) -> bool:
    """Tell whether a document says less than what is kept: an index entry of an alert."""
    return not one.content.get("products") and bool(row.content.get("products"))


def _row(one: Arrival, now: dt.datetime) -> Advisory:
    row = Advisory(kind=one.kind, reference=one.reference, came_at=now)
    _update(row, one, now)
    return row


def _update(row: Advisory, one: Arrival, now: dt.datetime) -> None:
    row.title, row.publisher = one.title, one.publisher
    row.content, row.cve_ids, row.sha256 = dict(one.content), list(one.cve_ids), one.sha256
    row.published_on, row.updated_on = one.published_on, one.updated_on
    row.closed_on, row.changed_at = one.closed_on, now


def _state(row: Advisory) -> dict[str, object]:
    return {
        "title": row.title,
        "cve_ids": row.cve_ids,
        "updated_on": str(row.updated_on or ""),
        "closed_on": str(row.closed_on or ""),
        **row.content,
    }


def _name(rows: Sequence[Advisory]) -> None:
    AdvisoryCve.objects.bulk_create(
        [AdvisoryCve(advisory=row, cve_id=cve) for row in rows for cve in row.cve_ids],
        batch_size=_BATCH,
    )


def _exploited(folder: Path, now: dt.datetime) -> list[Arrival]:
    """Return the flaws that the KEV catalogue lists; a malformed one is refused whole."""
    path = folder / KEV_FILE
    if not path.exists():
        return []
    body = reading.read_bounded(path, max_bytes=KEV_MAX_BYTES)
    try:
        _, entries = kev.parse_kev(body, source=path.name)
    except InputError as error:
        _refuse(path.name, body, str(error), now)
        return []
    return [of_kev(entry, name="") for entry in entries]


def _jumps(corpus: CorpusLike, now: dt.datetime) -> list[Arrival]:
    """Return the CVEs of the estates whose probability passed a threshold of the policy."""
    policy = decision_policy(on=now.date())
    rows = Cve.objects.exclude(epss_probability=None)
    kept: dict[str, float] = dict(rows.values_list("cve_id", "epss_probability"))  # type: ignore[arg-type]  # never None here
    found = corpus.facts(kept) if kept else {}
    jumps = []
    for cve_id, fact in found.items():
        before, after = kept[cve_id], fact.epss_probability
        for threshold in (policy.epss_active, policy.epss_poc):
            if after is not None and before < threshold <= after:
                jumps.append(of_jump(cve_id, before, after, on=now.date()))
                break
    return jumps
