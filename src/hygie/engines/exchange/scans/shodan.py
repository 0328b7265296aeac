"""Read Shodan's JSON: lines of banners (``shodan download``), a host, or an API answer.

Shodan looks when it likes, and not every account is told the vulnerabilities: what a download does
not say proves no repair.

Source: https://datapedia.shodan.io/ (banner specification).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from hygie.engines.exchange.reading import decode_text
from hygie.engines.exchange.scans.cells import (
    bounded,
    cves_in,
    host_from,
    line_of,
    number_from,
    objects_in,
    port_from,
    time_from,
    wrong,
)
from hygie.engines.exchange.scans.report import Issue, Scan, Service, subject_of
from hygie.engines.exchange.structured import parse_json_bounded
from hygie.vocabulary.errors import InputError
from hygie.vocabulary.severity import severity_of_score

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from hygie.vocabulary.facts import Json

TOOL: Final = "shodan"


def parse_shodan(document: bytes, *, source: str) -> Scan:
    """Return the banners of a download.

    Raises:
        InputError: if the document holds no banner of Shodan.
    """
    hosts: dict[str, frozenset[int]] = {}
    names: dict[str, tuple[str, ...]] = {}
    issues: list[Issue] = []
    services: list[Service] = []
    times = []
    for banner in bounded(_banners(document, source), source=source):
        host, port = host_from(banner.get("ip_str")), port_from(banner.get("port"))
        if not host or port is None:
            raise wrong("Shodan (ip_str et port attendus)", source=source)
        hosts[host] = hosts.get(host, frozenset()) | {port}
        listed = banner.get("hostnames")
        others = [host_from(name) for name in listed] if isinstance(listed, list) else []
        names[host] = tuple(dict.fromkeys([*names.get(host, ()), *filter(None, others)]))[:200]
        if moment := time_from(banner.get("timestamp")):
            times.append(moment)
        subject = subject_of(host, port)
        services += _service(banner, subject)
        issues += _issues(banner, subject)
    return Scan(
        tool=TOOL,
        taken_at=max(times, default=None),
        hosts=hosts,
        issues=tuple(issues),
        services=tuple(services),
        names=names,
    )


def _banners(document: bytes, source: str) -> Iterator[Mapping[str, Json]]:
    for value in _values(document, source):
        if not isinstance(value, dict):
            raise wrong("Shodan", source=source)
        inside = value.get("matches", value.get("data") if "ports" in value else None)
        if isinstance(inside, list):
            address = value.get("ip_str")
            for banner in objects_in(inside):
                yield {"ip_str": address, **banner}
        else:
            yield value


def _values(document: bytes, source: str) -> Iterator[Json]:
    try:
        whole = parse_json_bounded(document, source=source)
    except InputError:
        lines = decode_text(document, source=source).splitlines()
        if len(lines) < 2:  # noqa: PLR2004 - one line that is not JSON is not a list of banners
            raise
        yield from (
            parse_json_bounded(line.encode(), source=source) for line in lines if line.strip()
        )
        return
    yield from whole if isinstance(whole, list) else [whole]


def _service(banner: Mapping[str, Json], subject: str) -> Iterator[Service]:
    product = line_of(banner.get("product"), 120).lower()
    listed = banner.get("cpe23") or banner.get("cpe")
    for cpe in listed if isinstance(listed, list) else []:
        parts = line_of(cpe).removeprefix("cpe:2.3:").removeprefix("cpe:/").split(":")
        if len(parts) >= 3 and parts[0] == "a":  # noqa: PLR2004 - part, vendor, product
            product = f"{parts[1]}/{parts[2]}".lower()
            break
    if product:
        yield Service(
            subject, product, line_of(banner.get("version"), 120), line_of(banner.get("info"))
        )


def _issues(banner: Mapping[str, Json], subject: str) -> Iterator[Issue]:
    found = banner.get("vulns")
    details = found if isinstance(found, dict) else dict.fromkeys(map(str, found or ()), None) \
        if isinstance(found, list) else {}  # fmt: skip
    for name, detail in sorted(details.items()):
        for cve in cves_in(name)[:1]:
            known = detail if isinstance(detail, dict) else {}
            verified = known.get("verified") is True
            yield Issue(
                key=cve,
                subject=subject,
                title=f"{cve} selon Shodan" + ("" if verified else " (déduit de la version)"),
                severity=severity_of_score(number_from(known.get("cvss"))),
                cves=(cve,),
                facts={"verified": verified, "summary": line_of(known.get("summary"))},
            )
