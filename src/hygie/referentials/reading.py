"""Read what the law and good practice say: dated YAML documents with a source and a confidence.

Every document states ``id``, ``version``, ``valid_from``, ``valid_to``, ``title``, ``authored``,
``source`` and then its own content. Documents travel with the project; an operator's copy is
read by the same function. A document is refused whole, and the error names file and place.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import dataclass
from functools import cache
from importlib import resources
from itertools import pairwise
from typing import TYPE_CHECKING, Final

import yaml

from hygie.referentials.section import ReferentialError, Section, Source, source_from
from hygie.vocabulary.errors import TooLargeError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

MAX_BYTES: Final = 2 * 1024 * 1024
MAX_DEPTH: Final = 24
MAX_NODES: Final = 100_000

_HEADER: Final = ("id", "version", "valid_from", "valid_to", "title", "authored", "source")
_PACKAGE: Final = "hygie.referentials"
_FOREVER: Final = dt.date.max
# libyaml is ten times faster; wheels of PyYAML carry it, some distributions do not.
_SafeLoader: Final[type[yaml.SafeLoader]] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _Loader(_SafeLoader):  # type: ignore[misc,valid-type]  # one of two loaders, same methods
    """A safe loader that refuses a key written twice: the second would hide the first."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[object, object]:  # noqa: FBT001, FBT002 - PyYAML's signature
        keys = Counter(key.value for key, _ in node.value)
        for key, _ in node.value:
            if keys[key.value] > 1:
                raise yaml.constructor.ConstructorError(
                    None, None, f"clé « {key.value} » écrite deux fois", key.start_mark
                )
        return dict(super().construct_mapping(node, deep=deep))


@dataclass(frozen=True, slots=True)
class Document:
    """One dated version of one referential.

    Attributes:
        id: stable name, the same through all versions.
        version: as its author writes it; (id, version) is unique.
        valid_from: first day it applies.
        valid_to: last day it applies, None while no end is known.
        title: French title for the screen.
        authored: who decides its content: ``Hygie`` for our own policies, which bind nobody.
        source: where it comes from, with its confidence.
        content: everything after the header, to be read by its owner.
    """

    id: str
    version: str
    valid_from: dt.date
    valid_to: dt.date | None
    title: str
    authored: str
    source: Source
    content: Section

    @property
    def confirmed(self) -> bool:
        """False when the screen must say « non confirmé » beside what it states."""
        return self.source.confirmed

    @property
    def regulatory(self) -> bool:
        """False for our own policies: they advise, no text imposes them."""
        return self.authored != "Hygie"

    def applies(self, on: dt.date) -> bool:
        """Tell whether the document is in force on that day, both ends included."""
        return self.valid_from <= on <= (self.valid_to or _FOREVER)


def parse_document(document: bytes, *, name: str) -> Document:
    """Return a referential read from YAML.

    Args:
        document: UTF-8 YAML, at most MAX_BYTES, MAX_DEPTH levels, MAX_NODES values, no alias.
        name: file name, for the errors.

    Raises:
        ReferentialError: if it is not YAML, lacks part of the header, or writes a key twice.
        TooLargeError: if it passes a bound.
    """
    root = _load_yaml(document, name)
    if not isinstance(root, dict):
        raise ReferentialError("document vide ou sans en-tête, commencez par « id: »", source=name)
    header = Section({key: root.get(key) for key in _HEADER if key in root}, source=name)
    body = {key: value for key, value in root.items() if key not in _HEADER}
    valid_from = header.date("valid_from")
    valid_to = header.date("valid_to") if root.get("valid_to") is not None else None
    if valid_to is not None and valid_to < valid_from:
        raise header.error("valid_to", "fin de validité avant son début, corrigez l’une des dates")
    return Document(
        id=header.text("id"),
        version=header.text("version"),
        valid_from=valid_from,
        valid_to=valid_to,
        title=header.text("title"),
        authored=header.text("authored"),
        source=source_from(header.section("source")),
        content=Section(body, source=name),
    )


@cache
def load_folder(folder: str) -> tuple[Document, ...]:
    """Return the documents packaged in one folder of the project, sorted by id and first day.

    Raises:
        ReferentialError: if a document is wrong, or two versions of one id apply the same day.
    """
    place = resources.files(_PACKAGE).joinpath(folder)
    if not place.is_dir():
        raise ReferentialError(f"aucun référentiel dans « {folder} », vérifiez ce nom")
    files = [entry for entry in place.iterdir() if entry.name.endswith(".yaml")]
    documents = [parse_document(entry.read_bytes(), name=entry.name) for entry in files]
    return ordered(documents)


def ordered(documents: Iterable[Document]) -> tuple[Document, ...]:
    """Return documents sorted by id and first day, once proven never to overlap.

    Raises:
        ReferentialError: if two versions of one id apply the same day, or share a version.
    """
    result = sorted(documents, key=lambda document: (document.id, document.valid_from))
    for earlier, later in pairwise(result):
        if earlier.id != later.id:
            continue
        if earlier.applies(later.valid_from) or earlier.version == later.version:
            raise ReferentialError(
                f"« {later.id} » : les versions {earlier.version} et {later.version} se "
                "chevauchent, donnez une fin à la première",
                source=later.content.source,
            )
    return tuple(result)


def as_of(documents: Iterable[Document], identifier: str, *, on: dt.date) -> Document:
    """Return the version of a referential in force on a day.

    Raises:
        ReferentialError: if none is.
    """
    for document in documents:
        if document.id == identifier and document.applies(on):
            return document
    raise ReferentialError(f"aucune version de « {identifier} » en vigueur le {on:%d/%m/%Y}")


def version_of(documents: Iterable[Document], identifier: str, version: str) -> Document:
    """Return one exact version, to replay an old judgement.

    Raises:
        ReferentialError: if it is not there.
    """
    for document in documents:
        if (document.id, document.version) == (identifier, version):
            return document
    raise ReferentialError(f"version {version} de « {identifier} » absente de cette installation")


def _load_yaml(document: bytes, name: str) -> object:
    if len(document) > MAX_BYTES:
        raise TooLargeError(
            f"plus de {MAX_BYTES // 1024} Kio, trop pour un référentiel", source=name
        )
    try:
        text = document.decode("utf-8")
        _measure(yaml.parse(text, Loader=_SafeLoader), name)
        return yaml.load(text, Loader=_Loader)  # noqa: S506 - _Loader is a safe loader
    except UnicodeDecodeError as error:
        raise ReferentialError(
            "ce n’est pas du texte UTF-8, réenregistrez-le", source=name
        ) from error
    except yaml.YAMLError as error:
        raise _as_referential_error(error, name) from error
    except (ValueError, TypeError, RecursionError) as error:  # impossible dates, unhashable keys
        raise ReferentialError(f"valeur illisible ({error})", source=name) from error


def _measure(events: Iterator[yaml.Event], name: str) -> None:
    """Refuse bombs before anything is built: events cost no memory, an alias multiplies it."""
    depth = 0
    for count, event in enumerate(events):
        if isinstance(event, yaml.AliasEvent):
            raise ReferentialError(
                "alias YAML refusé, recopiez la valeur", source=name, line=_line(event.start_mark)
            )
        depth += isinstance(event, yaml.CollectionStartEvent)
        depth -= isinstance(event, yaml.CollectionEndEvent)
        if depth > MAX_DEPTH or count > MAX_NODES:
            raise TooLargeError("trop profond ou trop long pour un référentiel", source=name)


def _as_referential_error(error: yaml.YAMLError, name: str) -> ReferentialError:
    problem = " ".join(str(getattr(error, "problem", None) or "YAML illisible").split())
    return ReferentialError(
        f"{problem[:200]}, corrigez le YAML",
        source=name,
        line=_line(getattr(error, "problem_mark", None)),
    )


def _line(mark: object) -> int | None:
    line = getattr(mark, "line", None)
    return line + 1 if isinstance(line, int) else None
