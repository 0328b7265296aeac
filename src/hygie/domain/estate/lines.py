"""What a file says of an estate, before anything is written: assets, products, the file."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from hygie.domain.estate.models import AssetKind
from hygie.vocabulary.enums import Criticality
from hygie.vocabulary.facts import Component

if TYPE_CHECKING:
    from pathlib import Path

MAX_NAME: Final = 200
"""Characters of a name, in the columns of Asset and Source."""

SBOM: Final = "sbom"
"""Kind of the documents that state the components of one asset; others are inventories."""

_COMPONENT_KINDS: Final = {AssetKind.DEVICE: "device", AssetKind.SYSTEM: "operating-system"}


@dataclass(frozen=True, slots=True)
class Document:
    """The file something was read from: its kind, its name without folder, its SHA-256."""

    kind: str
    name: str
    sha256: str


@dataclass(frozen=True, slots=True)
class AssetLine:
    """One asset as an inventory states it; see Asset for the fields.

    ``components`` are the products on it; an application, a device or a system that states a
    version is a product itself, with ``cpe`` and ``purl`` as its identifiers.
    """

    kind: str
    name: str
    vendor: str = ""
    model: str = ""
    version: str = ""
    criticality: str = Criticality.SUPPORT
    service: str = ""
    quantity: int = 1
    cpe: str | None = None
    components: tuple[Component, ...] = ()
    purl: str | None = None

    @property
    def key(self) -> tuple[str, str]:
        """What tells it from the other assets of its place: kind and name."""
        return str(self.kind), self.name

    @property
    def products(self) -> tuple[Component, ...]:
        """The products on the asset, itself first when it has a version."""
        if not self.version or self.kind in (AssetKind.DOMAIN, AssetKind.ADDRESS):
            return self.components
        own = Component(
            name=self.model or self.name,
            version=self.version,
            purl=self.purl,
            cpe=self.cpe,
            vendor=self.vendor,
            kind=_COMPONENT_KINDS.get(AssetKind(self.kind), "application"),
        )
        return (own, *self.components)


def describe_file(path: Path, *, kind: str, part: str = "") -> Document:
    """Return the document that a file is, read once for its SHA-256.

    Args:
        path: a file that was read already.
        kind: what it states: ``sbom`` or a kind of inventory.
        part: the sheet it was read from, or the asset it speaks of; two parts of one file,
            or two files of one name, replace only themselves.
    """
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return describe(path.name, digest, kind=kind, part=part)


def describe(name: str, sha256: str, *, kind: str, part: str = "") -> Document:
    """Return the document of a name; ``part`` as for ``describe_file``."""
    suffix = f" ({part})" if part else ""
    return Document(kind, f"{name[: max(0, MAX_NAME - len(suffix))]}{suffix}"[:MAX_NAME], sha256)
