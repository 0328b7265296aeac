"""Read the packages of an SPDX 2.2 or 2.3 document, JSON or tag-value.

Source: https://spdx.github.io/spdx-spec/v2.3/, clauses 6 (document), 7 (package), 11
(relationships); the JSON form has the same fields under camel-case names.
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
    from collections.abc import Iterator

    from hygie.vocabulary.facts import Json

SPDX_VERSIONS: Final = ("2.2", "2.3")

_DOCUMENT_REF: Final = "SPDXRef-DOCUMENT"
_NO_VALUE: Final = frozenset({"NOASSERTION", "NONE"})
_PARTY: Final = re.compile(r"(?:Organization|Person|Tool):\s*(.*?)\s*(?:\([^()]*\))?")
_KINDS: Final = {
    "APPLICATION": "application",
    "FRAMEWORK": "framework",
    "CONTAINER": "container",
    "OPERATING-SYSTEM": "operating-system",
    "OPERATING_SYSTEM": "operating-system",
    "DEVICE": "device",
    "FIRMWARE": "firmware",
    "FILE": "file",
}
_TAG_LINE: Final = re.compile(r"([A-Za-z]+):\s*(.*)")
_PACKAGE_FIELDS: Final = {
    "SPDXID": "SPDXID",
    "PackageVersion": "versionInfo",
    "PackageSupplier": "supplier",
    "PackageOriginator": "originator",
    "PrimaryPackagePurpose": "primaryPackagePurpose",
}
_DOCUMENT_FIELDS: Final = {
    "SPDXVersion": "spdxVersion",
    "DocumentName": "name",
    "DocumentNamespace": "documentNamespace",
}
_OTHER_SECTIONS: Final = frozenset({"FileName", "SnippetSPDXID", "LicenseID", "Reviewer"})


def parse_spdx_json(
    document: dict[str, Json], *, source: str, format_name: str = "SPDX JSON"
) -> Sbom:
    """Return the SBOM in an SPDX JSON object.

    The package that the document describes is the subject when there is exactly one.

    Raises:
        SbomFormatError: if the version is not read, or a package is not as specified.
        TooLargeError: if there are too many packages.
    """
    stated = text_of(document.get("spdxVersion"), source=source, place="spdxVersion")
    version = stated.removeprefix("SPDX-")
    check_version(version, SPDX_VERSIONS, format_name="SPDX", source=source)
    packages = list_of(document.get("packages"), source=source, place="packages")
    check_count(len(packages), source=source)
    components = [
        _component(package, source=source, place=f"packages[{index}]")
        for index, package in enumerate(packages)
    ]
    described = _described_refs(document, source=source)
    subjects = [component for component in components if component.ref in described]
    subject = subjects[0] if len(subjects) == 1 else None
    creation = object_of(document.get("creationInfo"), source=source, place="creationInfo")
    created = text_of(creation.get("created"), source=source, place="creationInfo.created")
    name = text_of(document.get("name"), source=source, place="name")
    return Sbom(
        format=format_name,
        spec_version=version,
        name=subject.name if subject else name,
        version=subject.version if subject else "",
        serial=text_of(document.get("documentNamespace"), source=source, place="documentNamespace"),
        created_at=time_of(created),
        components=tuple(component for component in components if component is not subject),
        subject=subject,
    )


def parse_spdx_tag_value(text: str, *, source: str) -> Sbom:
    """Return the SBOM in an SPDX tag-value document.

    Raises:
        SbomFormatError: as ``parse_spdx_json``, and at a line that is not ``Tag: value``.
        TooLargeError: if there are too many packages.
    """
    document: dict[str, Json] = {}
    packages: list[Json] = []
    relationships: list[Json] = []
    section: dict[str, Json] | None = document
    for line, tag, value in _tags(text, source=source):
        if tag == "PackageName":
            section = {"name": value, "externalRefs": []}
            packages.append(section)
            check_count(len(packages), source=source)
        elif tag in _OTHER_SECTIONS:
            section = None
        elif tag == "Relationship":
            relationships.append(_relationship(value))
        elif tag == "Created":
            document["creationInfo"] = {"created": value}
        elif section is document and tag in _DOCUMENT_FIELDS:
            document[_DOCUMENT_FIELDS[tag]] = value
        elif section is not None and section is not document:
            _set_package_field(section, tag, value, source=source, line=line)
    document |= {"packages": packages, "relationships": relationships}
    return parse_spdx_json(document, source=source, format_name="SPDX tag-value")


def _component(value: Json, *, source: str, place: str) -> Component:
    fields = object_of(value, source=source, place=place)

    def text(key: str) -> str:
        stated = text_of(fields.get(key), source=source, place=f"{place}.{key}")
        return "" if stated in _NO_VALUE else stated

    references = _external_references(fields, source=source, place=place)
    return Component(
        name=name_of(fields.get("name"), source=source, place=f"{place}.name"),
        version=text("versionInfo"),
        purl=references.get("purl"),
        cpe=references.get("cpe23Type") or references.get("cpe22Type"),
        vendor=_party(text("supplier")) or _party(text("originator")),
        kind=_KINDS.get(text("primaryPackagePurpose").upper(), "library"),
        ref=text("SPDXID"),
    )


def _external_references(fields: dict[str, Json], *, source: str, place: str) -> dict[str, str]:
    """Return the first locator of each type."""
    place = f"{place}.externalRefs"
    references: dict[str, str] = {}
    for index, item in enumerate(list_of(fields.get("externalRefs"), source=source, place=place)):
        here = f"{place}[{index}]"
        reference = object_of(item, source=source, place=here)
        kind = text_of(reference.get("referenceType"), source=source, place=here)
        locator = text_of(reference.get("referenceLocator"), source=source, place=here)
        # the type may be written as a URI: http://spdx.org/rdf/references/purl
        references.setdefault(kind.rpartition("/")[2], locator)
    return references


def _party(stated: str) -> str:
    match = _PARTY.fullmatch(stated)
    return match.group(1) if match else stated


def _described_refs(document: dict[str, Json], *, source: str) -> frozenset[str]:
    place = "documentDescribes"
    refs = {
        text_of(ref, source=source, place=place)
        for ref in list_of(document.get(place), source=source, place=place)
    }
    place = "relationships"
    for index, item in enumerate(list_of(document.get(place), source=source, place=place)):
        link = object_of(item, source=source, place=f"{place}[{index}]")
        kind, left, right = (
            link.get(key) for key in ("relationshipType", "spdxElementId", "relatedSpdxElement")
        )
        if kind == "DESCRIBES" and left == _DOCUMENT_REF:
            refs.add(str(right))
        elif kind == "DESCRIBED_BY" and right == _DOCUMENT_REF:
            refs.add(str(left))
    return frozenset(refs - {""})


def _tags(text: str, *, source: str) -> Iterator[tuple[int, str, str]]:
    """Yield line number, tag and value; a value in <text> may run over several lines."""
    lines = enumerate(text.splitlines(), start=1)
    for number, raw in lines:
        stripped = raw.strip()
        if not stripped or stripped.startswith("#"):
            continue
        match = _TAG_LINE.fullmatch(stripped)
        if not match:
            raise SbomFormatError(
                "ligne illisible, « Étiquette: valeur » attendu", source=source, line=number
            )
        tag, value = match.groups()
        if value.startswith("<text>"):
            parts = [value.removeprefix("<text>")]
            while "</text>" not in parts[-1]:
                following = next(lines, None)
                if following is None:
                    raise SbomFormatError(
                        "texte jamais fermé par </text>", source=source, line=number
                    )
                parts.append(following[1])
            value = "\n".join(parts).partition("</text>")[0]
        yield number, tag, value


def _relationship(value: str) -> Json:
    left, _, rest = value.partition(" ")
    kind, _, right = rest.strip().partition(" ")
    return {"spdxElementId": left, "relationshipType": kind, "relatedSpdxElement": right.strip()}


def _set_package_field(
    package: dict[str, Json], tag: str, value: str, *, source: str, line: int
) -> None:
    if tag in _PACKAGE_FIELDS:
        package[_PACKAGE_FIELDS[tag]] = value
    elif tag == "ExternalRef":
        parts = value.split(maxsplit=2)
        if len(parts) < 3:  # noqa: PLR2004 - category, type, locator
            raise SbomFormatError(
                "ExternalRef incomplet, « catégorie type valeur » attendu", source=source, line=line
            )
        references = package["externalRefs"]
        if isinstance(references, list):
            references.append({"referenceType": parts[1], "referenceLocator": parts[2]})
