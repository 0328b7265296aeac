"""A part of a referential that knows its file and its place, so that errors can name both."""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final, Literal, TypeAlias, TypeVar

from hygie.vocabulary.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hygie.vocabulary.facts import Json

Language: TypeAlias = Literal["fr", "en"]
_Choice = TypeVar("_Choice", bound=StrEnum)

_MAX_TEXT: Final = 4000


class ReferentialError(InputError):
    """A referential is missing, or does not say what it must say."""


class Confidence(StrEnum):
    """How sure we are of a stated value, surest first."""

    A = "A"  # read in the official text or its machine-readable copy
    B = "B"  # read in the press or on a secondary page
    C = "C"  # general knowledge or inference: shown as « non confirmé »


@dataclass(frozen=True, slots=True)
class Source:
    """Where a stated value comes from.

    Attributes:
        title: as a person would cite it.
        url: where to read it, empty when it is on no page.
        confidence: how it was read.
        item: article, rule or section inside it, empty for the whole.
    """

    title: str
    url: str
    confidence: Confidence
    item: str = ""

    @property
    def confirmed(self) -> bool:
        """False when the screen must say « non confirmé »."""
        return self.confidence is not Confidence.C

    @property
    def label(self) -> str:
        """Title and item on one line, such as ``ANSSI, guide TLS v1.2, R4``."""
        return f"{self.title}, {self.item}" if self.item else self.title


@dataclass(frozen=True, slots=True)
class Words:
    """One text in both languages of the screens."""

    fr: str
    en: str

    def in_language(self, language: Language) -> str:
        """Return the text; any language other than English reads French."""
        return self.en if language == "en" else self.fr


@dataclass(frozen=True, slots=True)
class Section:
    """A mapping read from a referential; each reader checks type and bounds.

    Every method raises ReferentialError, with file and place, when the value is absent or of
    another type.

    Attributes:
        content: the mapping itself.
        source: file name.
        place: path of the mapping inside the document, such as ``rules[3].reference``.
    """

    content: Mapping[str, object]
    source: str
    place: str = ""

    def error(self, key: str, message: str) -> ReferentialError:
        """Return an error that names the file and the place of a key."""
        return ReferentialError(message, source=self.source, place=self._place(key))

    def only(self, *keys: str) -> None:
        """Refuse any other key: a misspelt one would be silently ignored."""
        for key in self.content:
            if key not in keys:
                raise self.error(str(key), "clé inconnue, vérifiez l’orthographe")

    def has(self, key: str) -> bool:
        """Tell whether the key is given and not null."""
        return self.content.get(key) is not None

    def text(self, key: str) -> str:
        """Return a non-empty text of at most 4,000 characters."""
        value = self._required(key)
        if not isinstance(value, str) or not value.strip() or len(value) > _MAX_TEXT:
            raise self.error(key, "texte attendu, entre guillemets s’il ressemble à un nombre")
        return value

    def integer(self, key: str, *, low: int, high: int) -> int:
        """Return an integer from ``low`` to ``high``, both included."""
        value = self._required(key)
        if not isinstance(value, int) or isinstance(value, bool) or not low <= value <= high:
            raise self.error(key, f"entier de {low} à {high} attendu")
        return value

    def number(self, key: str, *, low: float, high: float) -> float:
        """Return a finite number from ``low`` to ``high``, both included."""
        value = self._required(key)
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise self.error(key, f"nombre de {low} à {high} attendu")
        if not math.isfinite(value) or not low <= value <= high:
            raise self.error(key, f"nombre de {low} à {high} attendu")
        return float(value)

    def flag(self, key: str) -> bool:
        """Return true or false."""
        value = self._required(key)
        if not isinstance(value, bool):
            raise self.error(key, "true ou false attendu")
        return value

    def date(self, key: str) -> dt.date:
        """Return a date written YYYY-MM-DD."""
        value = self._required(key)
        if not isinstance(value, dt.date) or isinstance(value, dt.datetime):
            raise self.error(key, "date attendue, écrite AAAA-MM-JJ sans guillemets")
        return value

    def choice(self, key: str, kind: type[_Choice]) -> _Choice:
        """Return a member of an enumeration written by its value."""
        value = self._required(key)
        for member in kind:
            if value == member.value:
                return member
        raise self.error(key, f"l’un de {', '.join(kind)} attendu")

    def section(self, key: str) -> Section:
        """Return a mapping below this one."""
        return self._as_section(self._required(key), key)

    def sections(self, key: str) -> tuple[Section, ...]:
        """Return a non-empty list of mappings below this one."""
        value = self._required(key)
        if not isinstance(value, list) or not value:
            raise self.error(key, "liste attendue, avec au moins un élément")
        return tuple(self._as_section(item, f"{key}[{at}]") for at, item in enumerate(value))

    def words(self, key: str) -> Words:
        """Return a text given in French and in English."""
        return words_from(self.section(key))

    def json(self, key: str) -> Json:
        """Return any JSON value; dates and other YAML types are refused."""
        value = self._required(key)
        if not _is_json(value):
            raise self.error(key, "valeur simple attendue ; mettez les dates entre guillemets")
        return value  # type: ignore[return-value]  # _is_json has just proven it

    def _required(self, key: str) -> object:
        value = self.content.get(key)
        if value is None:
            raise self.error(key, "valeur absente, ajoutez-la")
        return value

    def _as_section(self, value: object, key: str) -> Section:
        if not isinstance(value, dict) or not all(isinstance(name, str) for name in value):
            raise self.error(key, "groupe « clé: valeur » attendu, à clés textuelles")
        return Section(value, source=self.source, place=self._place(key))

    def _place(self, key: str) -> str:
        return f"{self.place}.{key}" if self.place else key


def words_from(section: Section) -> Words:
    """Return a text written as ``fr`` and ``en``, both required."""
    section.only("fr", "en")
    return Words(fr=section.text("fr"), en=section.text("en"))


def source_from(section: Section) -> Source:
    """Return a source written as ``title``, ``url`` (may be empty), ``confidence``, ``item``."""
    section.only("title", "url", "confidence", "item")
    return Source(
        title=section.text("title"),
        url=section.text("url") if section.content.get("url") else "",
        confidence=section.choice("confidence", Confidence),
        item=section.text("item") if section.has("item") else "",
    )


def _is_json(value: object) -> bool:
    if isinstance(value, list):
        return all(_is_json(item) for item in value)
    if isinstance(value, dict):
        return all(isinstance(key, str) and _is_json(item) for key, item in value.items())
    return value is None or isinstance(value, bool | int | float | str)
