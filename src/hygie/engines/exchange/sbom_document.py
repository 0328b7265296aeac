"""What every SBOM reader returns, the bounds they share and how they read single fields."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from hygie.vocabulary.errors import InputError, TooLargeError

if TYPE_CHECKING:
    from hygie.vocabulary.facts import Component, Json

MAX_SBOM_BYTES: Final = 128 << 20
MAX_COMPONENTS: Final = 200_000
MAX_TEXT_CHARS: Final = 2_048


class SbomFormatError(InputError):
    """The document is not an SBOM that Hygie reads."""


@dataclass(frozen=True, slots=True)
class Sbom:
    """An inventory of software.

    Attributes:
        format: ``CycloneDX JSON``, ``CycloneDX XML``, ``SPDX JSON`` or ``SPDX tag-value``.
        spec_version: version of that format, such as ``1.5`` or ``2.3``.
        name: name of the subject, else of the document; empty when there is neither.
        version: version of the subject, empty when unknown.
        serial: serial number or namespace of the document, empty when it has none.
        created_at: aware UTC time of creation; None when absent or not a date. A time without
            zone is read as UTC.
        components: every component but the subject, nested ones too, in document order.
        subject: what the inventory describes (``metadata.component``, the one package that
            SPDX says it describes), None when it does not say.
    """

    format: str
    spec_version: str
    name: str
    version: str
    serial: str
    created_at: dt.datetime | None
    components: tuple[Component, ...]
    subject: Component | None = None

    @property
    def all_components(self) -> tuple[Component, ...]:
        """The subject, when there is one, then the components: all that can be vulnerable."""
        return (self.subject, *self.components) if self.subject else self.components


def text_of(value: Json, *, source: str, place: str) -> str:
    """Return a text without surrounding spaces, empty for null.

    Raises:
        SbomFormatError: if the value is a number, a list or an object.
        TooLargeError: if it has more than MAX_TEXT_CHARS characters.
    """
    if value is None:
        return ""
    if not isinstance(value, str):
        raise SbomFormatError("un texte est attendu ici", source=source, place=place)
    text = value.strip()
    if len(text) > MAX_TEXT_CHARS:
        raise TooLargeError(
            f"texte de plus de {MAX_TEXT_CHARS} caractères", source=source, place=place
        )
    return text


def name_of(value: Json, *, source: str, place: str) -> str:
    """Return the name of a component.

    Raises:
        SbomFormatError: if there is none.
    """
    name = text_of(value, source=source, place=place)
    if not name:
        raise SbomFormatError(
            "composant sans nom ; complétez l’inventaire", source=source, place=place
        )
    return name


def list_of(value: Json, *, source: str, place: str) -> list[Json]:
    """Return a list, empty for null.

    Raises:
        SbomFormatError: for anything else.
    """
    if value is None:
        return []
    if not isinstance(value, list):
        raise SbomFormatError("une liste est attendue ici", source=source, place=place)
    return value


def object_of(value: Json, *, source: str, place: str) -> dict[str, Json]:
    """Return an object, empty for null.

    Raises:
        SbomFormatError: for anything else.
    """
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise SbomFormatError("un objet est attendu ici", source=source, place=place)
    return value


def time_of(text: str) -> dt.datetime | None:
    """Return an ISO 8601 time in UTC, None when the text is not one."""
    try:
        time = dt.datetime.fromisoformat(text)
        return time.replace(tzinfo=time.tzinfo or dt.UTC).astimezone(dt.UTC)
    except (ValueError, OverflowError):
        return None


def check_count(count: int, *, source: str) -> None:
    """Refuse the document once it holds too many components.

    Raises:
        TooLargeError: if ``count`` passes MAX_COMPONENTS.
    """
    if count > MAX_COMPONENTS:
        raise TooLargeError(
            f"plus de {MAX_COMPONENTS} composants ; découpez l’inventaire", source=source
        )


def check_version(
    version: str, versions: tuple[str, ...], *, format_name: str, source: str
) -> None:
    """Refuse a version of the format that is not read.

    Raises:
        SbomFormatError: naming the versions that are.
    """
    if version not in versions:
        raise SbomFormatError(
            f"{format_name} en version «\u00a0{version[:20]}\u00a0» n’est pas lu ; "
            f"versions lues : {', '.join(versions)}",
            source=source,
        )
