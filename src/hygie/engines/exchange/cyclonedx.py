"""Read the components of a CycloneDX document, JSON or XML.

Source: https://cyclonedx.org/docs/1.6/json/ and https://cyclonedx.org/docs/1.6/xml/; the
fields read here (name, version, group, supplier, publisher, purl, cpe, type, nested
components) keep their name and meaning since 1.0.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from hygie.engines.exchange.sbom_document import (
    Sbom,
    SbomFormatError,
    check_count,
    check_version,
    list_of,
    name_of,
    object_of,
    text_of,
    time_of,
)
from hygie.vocabulary.facts import Component

if TYPE_CHECKING:
    import xml.etree.ElementTree as ET  # nosec B405
    from collections.abc import Iterator

    from hygie.vocabulary.facts import Json

JSON_VERSIONS: Final = ("1.2", "1.3", "1.4", "1.5", "1.6")
XML_VERSIONS: Final = ("1.0", "1.1", *JSON_VERSIONS)

_NAMESPACE: Final = re.compile(r"\{http://cyclonedx\.org/schema/bom/([^}]*)\}bom")
_TEXT_TAGS: Final = ("name", "version", "group", "publisher", "purl", "cpe")
_PARTY_TAGS: Final = ("supplier", "manufacturer")


def parse_cyclonedx_json(document: dict[str, Json], *, source: str) -> Sbom:
    """Return the SBOM in a CycloneDX JSON object.

    Raises:
        SbomFormatError: if the version is not read, or a component is not as specified.
        TooLargeError: if there are too many components.
    """
    version = text_of(document.get("specVersion"), source=source, place="specVersion")
    check_version(version, JSON_VERSIONS, format_name="CycloneDX JSON", source=source)
    return _sbom(document, format_name="CycloneDX JSON", version=version, source=source)


def parse_cyclonedx_xml(root: ET.Element, *, source: str) -> Sbom:
    """Return the SBOM in the root element of a CycloneDX XML document.

    Raises:
        SbomFormatError: if the root is not a CycloneDX ``bom``, and as ``parse_cyclonedx_json``.
        TooLargeError: if there are too many components.
    """
    match = _NAMESPACE.fullmatch(root.tag)
    if not match:
        raise SbomFormatError(
            "ce XML n’est pas du CycloneDX ; exportez l’inventaire en CycloneDX ou en SPDX JSON",
            source=source,
        )
    version = match.group(1)
    check_version(version, XML_VERSIONS, format_name="CycloneDX XML", source=source)
    namespace = root.tag.removesuffix("bom")
    document: dict[str, Json] = {
        "serialNumber": root.get("serialNumber"),
        "metadata": _metadata_from_xml(root.find(f"{namespace}metadata"), namespace),
        "components": _components_from_xml(root, namespace),
    }
    return _sbom(document, format_name="CycloneDX XML", version=version, source=source)


def _sbom(document: dict[str, Json], *, format_name: str, version: str, source: str) -> Sbom:
    metadata = object_of(document.get("metadata"), source=source, place="metadata")
    subject = metadata.get("component")
    place = "metadata.component"
    described = _component(subject, source=source, place=place) if subject is not None else None
    nested = subject.get("components") if isinstance(subject, dict) else None
    components = [
        *_flattened(nested, source=source, place=f"{place}.components"),
        *_flattened(document.get("components"), source=source, place="components"),
    ]
    check_count(len(components), source=source)
    serial = text_of(document.get("serialNumber"), source=source, place="serialNumber")
    time = text_of(metadata.get("timestamp"), source=source, place="metadata.timestamp")
    return Sbom(
        format=format_name,
        spec_version=version,
        name=described.name if described else "",
        version=described.version if described else "",
        serial=serial,
        created_at=time_of(time),
        components=tuple(components),
        subject=described,
    )


def _flattened(value: Json, *, source: str, place: str) -> Iterator[Component]:
    """Yield components and theirs; recursion is bounded by the depth of the document."""
    for index, item in enumerate(list_of(value, source=source, place=place)):
        check_count(index + 1, source=source)
        here = f"{place}[{index}]"
        yield _component(item, source=source, place=here)
        if isinstance(item, dict) and item.get("components"):
            yield from _flattened(item["components"], source=source, place=f"{here}.components")


def _component(value: Json, *, source: str, place: str) -> Component:
    fields = object_of(value, source=source, place=place)

    def text(key: str) -> str:
        return text_of(fields.get(key), source=source, place=f"{place}.{key}")

    return Component(
        name=name_of(fields.get("name"), source=source, place=f"{place}.name"),
        version=text("version"),
        purl=text("purl") or None,
        cpe=text("cpe") or None,
        vendor=_vendor(fields, source=source, place=place),
        kind=text("type") or "library",
        ref=text("bom-ref"),
    )


def _vendor(fields: dict[str, Json], *, source: str, place: str) -> str:
    """Return who supplies the component: the party first, the free text last."""
    for key in _PARTY_TAGS:
        party = object_of(fields.get(key), source=source, place=f"{place}.{key}")
        if name := text_of(party.get("name"), source=source, place=f"{place}.{key}.name"):
            return name
    publisher = text_of(fields.get("publisher"), source=source, place=f"{place}.publisher")
    return publisher or text_of(fields.get("group"), source=source, place=f"{place}.group")


def _metadata_from_xml(metadata: ET.Element | None, namespace: str) -> Json:
    if metadata is None:
        return None
    subject = metadata.find(f"{namespace}component")
    return {
        "timestamp": metadata.findtext(f"{namespace}timestamp"),
        "component": None if subject is None else _component_from_xml(subject, namespace),
    }


def _components_from_xml(parent: ET.Element, namespace: str) -> list[Json]:
    elements = parent.iterfind(f"{namespace}components/{namespace}component")
    return [_component_from_xml(element, namespace) for element in elements]


def _component_from_xml(element: ET.Element, namespace: str) -> dict[str, Json]:
    """Return a component as its JSON form, so that both forms are read by the same code."""
    fields: dict[str, Json] = {
        "type": element.get("type"),
        "bom-ref": element.get("bom-ref"),
        "components": _components_from_xml(element, namespace),
    }
    for tag in _TEXT_TAGS:
        fields[tag] = element.findtext(f"{namespace}{tag}")
    for tag in _PARTY_TAGS:
        fields[tag] = {"name": element.findtext(f"{namespace}{tag}/{namespace}name")}
    return fields
