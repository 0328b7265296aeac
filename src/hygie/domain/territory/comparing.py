"""Compare a file with the territory of the database, without writing anything."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Max
from django.utils import timezone

from hygie.domain.territory.difference import Difference, compare
from hygie.domain.territory.incoming import describe
from hygie.domain.territory.known import read_known
from hygie.domain.territory.models import Review, ReviewState
from hygie.vocabulary.errors import UsageError

if TYPE_CHECKING:
    import datetime as dt

    from hygie.engines.exchange.finess import FinessFile


class ReviewError(UsageError):
    """The review cannot be made, applied or dropped."""


@dataclass(frozen=True, slots=True)
class Source:
    """Where an import comes from.

    Attributes:
        file: the file, read.
        name: its name, without folder.
        groups: the GHT read beside it, if any.
    """

    file: FinessFile
    name: str
    groups: FinessFile | None = None

    def day(self, as_of: dt.date | None, *, now: dt.datetime) -> dt.date:
        """Return the day it speaks of: ``as_of``, else the file's own date, else today."""
        return as_of or self.file.as_of or timezone.localdate(now)


def compare_with_territory(
    source: Source, *, as_of: dt.date | None, now: dt.datetime
) -> Difference:
    """Return what the file would change; writes nothing.

    Raises:
        ReviewError: if the day is in the future, before the last change of a place in the
            tree, or before the last applied file of the same kind.
    """
    day = source.day(as_of, now=now)
    if day > timezone.localdate(now):
        raise ReviewError(f"le {day:%d/%m/%Y} est dans l’avenir ; corrigez le jour du fichier")
    known = read_known(on=day)
    newest = max(known.newest or day, _last_applied(source.file.kind) or day)
    if day < newest:
        raise ReviewError(
            f"le fichier parle du {day:%d/%m/%Y}, le territoire est déjà connu au "
            f"{newest:%d/%m/%Y} ; donnez un fichier plus récent, ou dites son vrai jour"
        )
    return compare(known, describe(source.file, as_of=day, groups=source.groups))


def _last_applied(kind: str) -> dt.date | None:
    applied = Review.objects.filter(state=ReviewState.APPLIED, kind=kind)
    day: dt.date | None = applied.aggregate(day=Max("as_of"))["day"]
    return day
