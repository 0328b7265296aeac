"""The corpus and the feeds it was built from: there, whole, and how old."""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING, Final

from hygie.engines.corpus.container import CorpusFileError, checksum_holds
from hygie.engines.corpus.opened import CorpusFile
from hygie.jobs.checks.check import Check, Status

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

OLD: Final = dt.timedelta(days=3)
"""Known exploited vulnerabilities are added on working days."""

VERY_OLD: Final = dt.timedelta(days=15)
_REFRESH: Final = "Compilez les sources du jour : hygie corpus build DOSSIER."
_DATE: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def corpus_in(home: Path) -> Path | None:
    """Return the corpus in use: the operator's, else the starter one; None when neither is."""
    own = home / "corpus.hygie"
    if own.exists():
        return own
    starters = sorted(home.glob("starter-*.hygie"), key=lambda path: path.stat().st_mtime)
    return starters[-1] if starters else None


def check_corpus(home: Path, *, now: dt.datetime, whole: bool) -> Check:
    """Open the corpus; ``whole`` reads all of it and compares its checksum."""
    name, title = "corpus.file", "Corpus des vulnérabilités"
    path = corpus_in(home)
    if path is None:
        return Check(name, title, Status.BROKEN, "absent", _REFRESH)
    try:
        opened = CorpusFile.open(path)
        intact = not whole or checksum_holds(path)
    except (CorpusFileError, OSError) as error:
        return Check(name, title, Status.BROKEN, str(error), _REFRESH)
    if not intact:
        return Check(name, title, Status.BROKEN, f"{path.name} : somme SHA-256 fausse", _REFRESH)
    if path.name.startswith("starter-"):
        return Check(
            name, title, Status.WARNING, "corpus de départ : quelques centaines de CVE", _REFRESH
        )
    age = corpus_age(opened.description, now=now)
    said = f"{opened.description.get('counts', {}).get('cve', '?')} CVE, {age_words(age)}"
    return Check(name, title, age_status(age), said, _REFRESH)


def check_feeds(home: Path, *, now: dt.datetime) -> Check:
    """Find the oldest of the dated sources of the corpus."""
    name, title = "feeds.age", "Âge des sources"
    path = corpus_in(home)
    try:
        opened = CorpusFile.open(path) if path else None
    except (CorpusFileError, OSError):
        opened = None
    if opened is None:
        return Check(name, title, Status.UNKNOWN, "aucun corpus lisible", _REFRESH)
    ages = source_ages(opened.description, now=now)
    if not ages:
        return Check(name, title, Status.WARNING, "aucune source datée", _REFRESH)
    oldest = max(ages, key=lambda source: ages[source])
    said = f"la plus ancienne, {oldest} : {age_words(ages[oldest])}"
    return Check(name, title, age_status(ages[oldest]), said, _REFRESH)


def corpus_age(description: Mapping[str, object], *, now: dt.datetime) -> dt.timedelta | None:
    """Return the time since the build, None when the file does not say."""
    try:
        built = dt.datetime.fromisoformat(str(description.get("built_at", "")))
    except ValueError:
        return None
    return now - (built if built.tzinfo else built.replace(tzinfo=dt.UTC))


def source_ages(description: Mapping[str, object], *, now: dt.datetime) -> dict[str, dt.timedelta]:
    """Return the age of each source that states a day; the others are left out."""
    ages = {}
    sources = description.get("sources")
    for source in sources if isinstance(sources, list | tuple) else ():
        if found := _DATE.match(str(source.get("dated", ""))):
            day = dt.datetime.fromisoformat(found[0]).replace(tzinfo=dt.UTC)
            ages[str(source.get("name", ""))] = now - day
    return ages


def age_status(age: dt.timedelta | None) -> Status:
    """Return what an age means: a fortnight without news hides attacks under way."""
    if age is None or OLD < age <= VERY_OLD:
        return Status.WARNING
    return Status.BROKEN if age > VERY_OLD else Status.GOOD


def age_words(age: dt.timedelta | None) -> str:
    """Return an age in French words."""
    if age is None:
        return "âge inconnu"
    days = max(0, age.days)
    return "moins d’un jour" if days == 0 else f"{days} jour{'s' if days > 1 else ''}"
