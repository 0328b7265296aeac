"""Turn an SBOM into the asset that it describes, new or known already."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from hygie.domain.estate.incoming import is_storable
from hygie.domain.estate.lines import MAX_NAME, SBOM, AssetLine
from hygie.domain.estate.models import Asset, AssetKind
from hygie.vocabulary.enums import Criticality
from hygie.vocabulary.errors import InputError, UsageError

if TYPE_CHECKING:
    from hygie.domain.territory.models import Node
    from hygie.engines.exchange.sbom import Sbom
    from hygie.vocabulary.facts import Component

_HOLDERS: Final = (AssetKind.APPLICATION, AssetKind.DEVICE, AssetKind.SYSTEM)
_KINDS: Final = {
    "device": AssetKind.DEVICE,
    "firmware": AssetKind.DEVICE,
    "operating-system": AssetKind.SYSTEM,
}


@dataclass(frozen=True, slots=True)
class IncomingSbom:
    """The asset of an SBOM.

    Attributes:
        line: the asset with its components.
        disagreement: (version in the inventory, version in the SBOM) when they differ; the
            inventory's is kept.
    """

    line: AssetLine
    disagreement: tuple[str, str] | None = None


def asset_of(
    node: Node, sbom: Sbom, *, name: str, criticality: Criticality | None, source: str
) -> IncomingSbom:
    """Return the asset of ``node`` that an SBOM describes, with its components.

    Args:
        node: the establishment.
        sbom: what was read.
        name: name of the asset; the SBOM's subject when empty.
        criticality: for care; when None, what is known, else support.
        source: name of the file in messages.

    Raises:
        UsageError: if the asset has no name, or two assets bear it.
        InputError: if a component holds text that cannot be stored.
    """
    _check(sbom, source)
    subject = sbom.subject
    wanted = " ".join((name or (subject.name if subject else "") or sbom.name).split())
    if not wanted or len(wanted) > MAX_NAME:
        raise UsageError(f"{source} : nom de l’application absent ou trop long ; donnez-le")
    asset = _find(node, wanted)
    criticality = criticality or (Criticality(asset.criticality) if asset else Criticality.SUPPORT)
    if asset is not None and (asset.source is None or asset.source.kind != SBOM):
        return _follow(asset, sbom, criticality)
    if subject is None or subject.name != wanted:
        kind = asset.kind if asset else AssetKind.APPLICATION
        line = AssetLine(kind, wanted, criticality=criticality, components=sbom.all_components)
        return IncomingSbom(line)
    return IncomingSbom(_described(asset, wanted, subject, sbom, criticality))


def _described(
    asset: Asset | None, name: str, subject: Component, sbom: Sbom, criticality: Criticality
) -> AssetLine:
    """Return the asset that is the subject of its SBOM: the subject is its own product."""
    return AssetLine(
        asset.kind if asset else _KINDS.get(subject.kind, AssetKind.APPLICATION),
        name,
        vendor=subject.vendor[:MAX_NAME],
        version=subject.version[:MAX_NAME],
        criticality=criticality,
        cpe=subject.cpe,
        purl=subject.purl,
        components=sbom.components,
    )


def _follow(asset: Asset, sbom: Sbom, criticality: Criticality) -> IncomingSbom:
    """Keep what the inventory says; the subject is a component unless it is the asset itself."""
    subject = sbom.subject
    itself = subject is not None and subject.name == asset.name and bool(asset.version)
    line = AssetLine(
        asset.kind,
        asset.name,
        criticality=criticality,
        components=sbom.components if itself else sbom.all_components,
    )
    if itself and subject and subject.version and subject.version != asset.version:
        return IncomingSbom(line, (asset.version, subject.version))
    return IncomingSbom(line)


def _find(node: Node, name: str) -> Asset | None:
    found = list(
        Asset.objects.filter(node=node, name=name, kind__in=_HOLDERS, removed_at__isnull=True)
        .select_related("source")
        .order_by("pk")[:2]
    )
    if len(found) > 1:
        raise UsageError(
            f"«\u00a0{name}\u00a0» désigne plusieurs éléments du parc ; renommez-en un, "
            "puis recommencez"
        )
    return found[0] if found else None


def _check(sbom: Sbom, source: str) -> None:
    for number, component in enumerate(sbom.all_components, start=1):
        texts = (component.name, component.version, component.vendor, component.kind)
        if not is_storable("".join((*texts, component.purl or "", component.cpe or ""))):
            raise InputError(
                f"composant n° {number} : caractère interdit (nul ou incomplet) ; "
                "régénérez l’inventaire",
                source=source,
            )
