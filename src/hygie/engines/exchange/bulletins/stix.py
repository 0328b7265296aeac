"""Write a bulletin as a STIX 2.1 bundle: a report, its vulnerabilities, measures, indicators.

Identifiers are made from the bulletin's number: a new revision is the same object, modified.
TLP 2.0 labels follow the OASIS extension definition of 2023, "Clear", "Green" … "Red".
Sources: STIX 2.1 sections 3, 4 and 7.2.1.4;
https://github.com/oasis-open/cti-stix-common-objects (tlp-2.0 extension).
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

import stix2

from hygie.engines.exchange.bulletins.indicators import IndicatorKind
from hygie.engines.exchange.bulletins.writing import encoded, name_uuid
from hygie.vocabulary.tlp import Tlp

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hygie.engines.exchange.bulletins.document import Bulletin
    from hygie.engines.exchange.bulletins.indicators import Indicator

TLP_EXTENSION: Final = "extension-definition--60a3c5c5-0d10-413e-aab3-9e08dde9e88d"
TLP_MARKINGS: Final = {
    Tlp.CLEAR: "marking-definition--94868c89-83c2-464b-929b-a1a8aa3c8487",
    Tlp.GREEN: "marking-definition--bab4a63c-aed9-4cf5-a766-dfca5abac2bb",
    Tlp.AMBER: "marking-definition--55d920b0-5e8b-4f79-9ee9-91f868d9b421",
    Tlp.AMBER_STRICT: "marking-definition--939a9414-2ddd-4d32-a0cd-375ea402b003",
    Tlp.RED: "marking-definition--e828b379-4e03-4974-9ac4-e53a884c97c1",
}
PATTERNS: Final = {
    IndicatorKind.IPV4: "[ipv4-addr:value = '{}']",
    IndicatorKind.IPV6: "[ipv6-addr:value = '{}']",
    IndicatorKind.DOMAIN: "[domain-name:value = '{}']",
    IndicatorKind.URL: "[url:value = '{}']",
    IndicatorKind.EMAIL: "[email-addr:value = '{}']",
    IndicatorKind.MD5: "[file:hashes.MD5 = '{}']",
    IndicatorKind.SHA1: "[file:hashes.'SHA-1' = '{}']",
    IndicatorKind.SHA256: "[file:hashes.'SHA-256' = '{}']",
    IndicatorKind.FILENAME: "[file:name = '{}']",
}


def write_stix(bulletin: Bulletin) -> bytes:
    """Return the bundle, UTF-8 JSON, the same bytes for the same bulletin.

    Raises:
        stix2.exceptions.STIXError: if a field cannot stand in STIX, which is our defect.
    """
    objects = stix_objects(bulletin)
    identifier = name_uuid(bulletin.publisher.namespace, "bundle", bulletin.number)
    return encoded({"type": "bundle", "id": f"bundle--{identifier}", "objects": objects})


def stix_objects(bulletin: Bulletin) -> list[dict[str, Any]]:
    """Return every object of the bundle, report last, as plain JSON values."""
    return list(_Writer(bulletin).objects())


class _Writer:
    """Fields that all objects of one bulletin share, and each kind of object."""

    def __init__(self, bulletin: Bulletin) -> None:
        self._bulletin = bulletin
        self._author = self._id("identity", bulletin.publisher.name)
        self._marking = TLP_MARKINGS[bulletin.tlp]

    def objects(self) -> Iterator[dict[str, Any]]:
        """Yield author, marking, content, then the report that holds the content."""
        yield self._plain(
            stix2.Identity(
                id=self._author,
                created=self._bulletin.published_at,
                modified=self._bulletin.published_at,
                name=self._bulletin.publisher.name,
                identity_class="organization",
                sectors=["healthcare"],
                contact_information=self._bulletin.publisher.contact or None,
            )
        )
        yield tlp_marking(self._bulletin.tlp)
        content = [*self._flaws(), *self._measures(), *self._indicators()]
        yield from content
        yield self._report([one["id"] for one in content] or [self._author])

    def _flaws(self) -> Iterator[dict[str, Any]]:
        for flaw in self._bulletin.flaws:
            reference = {"source_name": "cve", "external_id": flaw.cve_id}
            yield self._plain(
                stix2.Vulnerability(
                    **self._common("vulnerability", flaw.cve_id),
                    name=flaw.cve_id,
                    external_references=[reference],
                )
            )

    def _measures(self) -> Iterator[dict[str, Any]]:
        for number, action in enumerate(self._bulletin.actions, 1):
            identifier = str(number)
            measure = stix2.CourseOfAction(
                **self._common("course-of-action", identifier),
                name=action.text.splitlines()[0][:120],
                description=action.text,
            )
            yield self._plain(measure)
            for flaw in self._bulletin.flaws:
                yield self._plain(
                    stix2.Relationship(
                        **self._common("relationship", f"{identifier}:{flaw.cve_id}"),
                        relationship_type="mitigates",
                        source_ref=measure.id,
                        target_ref=self._id("vulnerability", flaw.cve_id),
                    )
                )

    def _indicators(self) -> Iterator[dict[str, Any]]:
        for indicator in self._bulletin.indicators:
            yield self._plain(
                stix2.Indicator(
                    **self._common("indicator", f"{indicator.kind}:{indicator.value}"),
                    name=indicator.value[:250],
                    description=indicator.comment or None,
                    indicator_types=["malicious-activity"],
                    pattern=pattern_of(indicator),
                    pattern_type="stix",
                    valid_from=indicator.seen_at,
                    valid_until=indicator.until,
                )
            )

    def _report(self, content: list[str]) -> dict[str, Any]:
        links = [
            {"source_name": link.title[:120] or link.url, "url": link.url}
            for link in self._bulletin.links()
        ]
        report = stix2.Report(
            **self._common("report", ""),
            name=f"{self._bulletin.number} : {self._bulletin.title}",
            description=self._bulletin.summary,
            report_types=["indicator" if self._bulletin.indicators else "vulnerability"],
            published=self._bulletin.published_at,
            object_refs=content,
            external_references=links,
            revoked=self._bulletin.withdrawn,
        )
        return self._plain(report)

    def _common(self, kind: str, name: str) -> dict[str, Any]:
        return {
            "id": self._id(kind, self._bulletin.number, name),
            "created": self._bulletin.published_at,
            "modified": self._bulletin.updated_at,
            "created_by_ref": self._author,
            "object_marking_refs": [self._marking],
            "lang": "fr",
        }

    def _id(self, kind: str, *parts: str) -> str:
        return f"{kind}--{name_uuid(self._bulletin.publisher.namespace, kind, *parts)}"

    def _plain(self, built: Any) -> dict[str, Any]:  # noqa: ANN401 - stix2 has no types
        plain: dict[str, Any] = json.loads(built.serialize())
        return plain


def pattern_of(indicator: Indicator) -> str:
    """Return the STIX pattern of an indicator, quotes and backslashes escaped."""
    value = indicator.value.replace("\\", "\\\\").replace("'", "\\'")
    return PATTERNS[indicator.kind].format(value)


def tlp_marking(tlp: Tlp) -> dict[str, Any]:
    """Return the marking definition of TLP 2.0 as the extension publishes it."""
    label = tlp.removeprefix("TLP:").lower()
    return {
        "type": "marking-definition",
        "spec_version": "2.1",
        "id": TLP_MARKINGS[tlp],
        "created": "2022-10-01T00:00:00.000Z",
        "name": tlp.value,
        "extensions": {TLP_EXTENSION: {"extension_type": "property-extension", "tlp_2_0": label}},
    }
