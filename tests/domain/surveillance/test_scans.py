from __future__ import annotations

import datetime as dt
import json
from typing import TYPE_CHECKING

import pytest
from tests.domain.places import NOW, make_site
from tests.engines.exchange.scans.samples import NESSUS, NMAP, ORADAD, PINGCASTLE

from hygie.domain.estate.models import Asset, AssetKind
from hygie.domain.findings.models import Finding, Origin, State
from hygie.domain.journal.models import Entry
from hygie.domain.surveillance.models import DirectoryLevel, Proposal, ScanImport, Sighting
from hygie.domain.surveillance.scans import Taken, report_of, take
from hygie.engines.exchange.scans.readers import READERS

if TYPE_CHECKING:
    from hygie.domain.territory.models import Node

pytestmark = pytest.mark.django_db

DAY = dt.timedelta(days=1)


@pytest.fixture
def site() -> Node:
    node = make_site()
    own(node, "vpn.essai.example", AssetKind.DOMAIN)
    return node


def own(node: Node, name: str, kind: AssetKind) -> Asset:
    return Asset.objects.create(node=node, kind=kind, name=name, added_at=NOW)


def bring(node: Node, tool: str, document: bytes, *, days: int = 0, dry_run: bool = False) -> Taken:
    scan = READERS[tool](document, source="rapport")
    report = report_of(scan, document, f"rapport-{days}")
    return take(node, report, actor="essai", now=NOW + days * DAY, dry_run=dry_run)


def test_a_report_becomes_findings_of_its_tool_on_the_estate_alone(site: Node) -> None:
    taken = bring(site, "nmap", NMAP)

    assert set(Finding.objects.values_list("rule_id", "subject", "origin", "probe")) == {
        ("nmap:open-telnet", "vpn.essai.example:23", "scan", "nmap"),
        ("nmap:ssl-poodle", "vpn.essai.example:443", "scan", "nmap"),
    }
    assert Finding.objects.first().facts["tool"].startswith("nmap")  # type: ignore[union-attr]
    assert taken.outside == {"10.0.0.7": 0}
    assert Proposal.objects.get().name == "10.0.0.7"
    assert Finding.objects.exclude(asset=None).count() == 2


def test_products_go_to_the_matching(site: Node) -> None:
    bring(site, "nmap", NMAP)

    shown = Sighting.objects.get(probe="nmap")
    assert (shown.product, shown.version, shown.value["exposed"]) == (
        "igor_sysoev/nginx", "1.18.0", True,
    )  # fmt: skip


def test_a_trial_writes_nothing_and_says_the_same(site: Node) -> None:
    tried = bring(site, "nmap", NMAP, dry_run=True)

    assert not Finding.objects.exists()
    assert not Proposal.objects.exists()
    assert not Entry.objects.filter(action="scan.imported").exists()
    assert tried.findings == bring(site, "nmap", NMAP).findings


def test_a_later_report_closes_what_it_looked_at_and_nothing_else(site: Node) -> None:
    bring(site, "nmap", NMAP)
    later = NMAP.replace(b'start="1772600000"', b'start="1872600000"')
    closed = later.replace(b'portid="23"><state state="open"', b'portid="23"><state state="closed"')

    narrow = closed.replace(b'services="22-23,443,3389"', b'services="80"')
    assert bring(site, "nmap", narrow, days=1).findings.verified == 0
    assert bring(site, "nessus", NESSUS, days=2).findings.verified == 0
    done = bring(site, "nmap", closed, days=3)

    assert (done.findings.verified, done.findings.same) == (1, 1)
    assert Finding.objects.get(state=State.VERIFIED).rule_id == "nmap:open-telnet"


def test_an_old_report_reopens_and_closes_nothing_more_recent(site: Node) -> None:
    bring(site, "nmap", NMAP)
    later = NMAP.replace(b'start="1772600000"', b'start="1872600000"')
    closed = later.replace(b'portid="23"><state state="open"', b'portid="23"><state state="closed"')
    bring(site, "nmap", closed, days=3)

    again = bring(site, "nmap", NMAP, days=4)

    assert (again.findings.returned, again.findings.verified) == (0, 0)


def test_another_tool_s_findings_are_not_called_unknown(site: Node) -> None:
    own(site, "10.0.0.7", AssetKind.ADDRESS)
    bring(site, "nmap", NMAP)

    assert bring(site, "nessus", NESSUS, days=1).findings.unknown == 0


def test_an_address_in_a_network_of_the_estate_is_the_estate_s(site: Node) -> None:
    own(site, "10.0.0.0/29", AssetKind.ADDRESS)

    taken = bring(site, "nessus", NESSUS)

    assert (taken.findings.new, dict(taken.outside)) == (1, {"10.0.0.8": 1})


def test_a_directory_gets_its_level_and_findings(site: Node) -> None:
    assert bring(site, "pingcastle", PINGCASTLE).level == 2
    assert bring(site, "oradad", ORADAD, days=1).level == 2

    level = DirectoryLevel.objects.order_by("pk").last()
    assert level is not None
    assert (level.domain, level.scan.tool) == ("ch-essai.local", "oradad")
    assert Finding.objects.filter(origin=Origin.SCAN).count() == 5
    better = {"domain": "ch-essai.local", "points": []}
    done = bring(site, "oradad", json.dumps(better).encode(), days=2)
    assert (done.level, done.findings.verified) == (5, 2)


def test_the_import_is_kept_and_journalled(site: Node) -> None:
    taken = bring(site, "nmap", NMAP)

    made = ScanImport.objects.get()
    assert taken.made == made
    assert (made.tool, made.tool_version, made.counts["new"]) == ("nmap", "7.95", 2)
    assert made.sha256 in str(Entry.objects.get(action="scan.imported").detail)
