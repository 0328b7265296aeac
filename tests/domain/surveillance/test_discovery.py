from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest
from tests.domain.places import NOW, make_site

from hygie.domain.estate.mandates import Line
from hygie.domain.estate.models import Asset, AssetKind, PerimeterKind
from hygie.domain.estate.permits import Terms, sign_mandate
from hygie.domain.findings.models import Finding
from hygie.domain.journal.models import Entry
from hygie.domain.surveillance.discovery import (
    ProposalError,
    accept,
    disown,
    propose,
    refuse,
    undo,
)
from hygie.domain.surveillance.models import NameSource, Proposal, ProposalState
from hygie.domain.surveillance.targets import perimeter_of
from hygie.engines.exchange.scans.names import Found

if TYPE_CHECKING:
    from hygie.domain.territory.models import Node

pytestmark = pytest.mark.django_db

WHO = {"actor": "essai", "now": NOW}


@pytest.fixture
def site() -> Node:
    node = make_site()
    Asset.objects.create(node=node, kind=AssetKind.DOMAIN, name="essai.example", added_at=NOW)
    today = NOW.date()
    terms = Terms("Sacha", "a@b.example", today, today, today + dt.timedelta(days=30))
    lines = [Line(PerimeterKind.DOMAIN, "essai.example")]
    sign_mandate(node, terms, lines, actor="essai", now=NOW)
    return node


def find(node: Node, *names: str) -> list[Proposal]:
    return propose(node, NameSource.CT, [Found(name, "essai") for name in names], **WHO)  # type: ignore[arg-type]


def test_a_name_is_proposed_once_and_never_probed_before_it_is_accepted(site: Node) -> None:
    found = find(site, "vpn.essai.example", "essai.example", "tiers.example", "192.0.2.1")
    assert find(site, "vpn.essai.example") == []

    assert [(one.name, one.kind, one.under_own_domain) for one in found] == [
        ("vpn.essai.example", "domain", True),
        ("tiers.example", "domain", False),
        ("192.0.2.1", "address", False),
    ]
    assert perimeter_of(site, now=NOW).names == ("essai.example",)


def test_accepted_names_join_the_estate_and_the_mandate_decides(site: Node) -> None:
    accept(find(site, "vpn.essai.example", "tiers.example"), **WHO)  # type: ignore[arg-type]

    perimeter = perimeter_of(site, now=NOW)
    assert perimeter.names == ("essai.example", "vpn.essai.example")
    assert perimeter.left_out == ("tiers.example",)


def test_what_was_refused_is_remembered_with_its_reason(site: Node) -> None:
    found = find(site, "vieux.essai.example", "cdn.tiers.example")
    with pytest.raises(ProposalError):
        refuse(found[:1], reason="non", **WHO)  # type: ignore[arg-type]
    refuse(found[:1], reason="site fermé en 2020", **WHO)  # type: ignore[arg-type]
    disown(found[1:], **WHO)  # type: ignore[arg-type]

    assert find(site, "vieux.essai.example", "cdn.tiers.example") == []
    assert set(Proposal.objects.values_list("name", "state", "reason")) == {
        ("vieux.essai.example", "refused", "site fermé en 2020"),
        ("cdn.tiers.example", "foreign", ""),
    }
    assert Asset.objects.count() == 1


def test_undo_puts_everything_back(site: Node) -> None:
    found = find(site, "vpn.essai.example")
    accept(found, **WHO)  # type: ignore[arg-type]
    undo(list(Proposal.objects.all()), **WHO)  # type: ignore[arg-type]

    assert perimeter_of(site, now=NOW).names == ("essai.example",)
    assert Proposal.objects.get().state == ProposalState.PROPOSED
    accept(list(Proposal.objects.all()), **WHO)  # type: ignore[arg-type]
    assert "vpn.essai.example" in perimeter_of(site, now=NOW).names
    assert Entry.objects.filter(action="surveillance.decided").count() == 3


def test_undo_is_refused_once_a_weakness_was_found_there(site: Node) -> None:
    accept(find(site, "vpn.essai.example"), **WHO)  # type: ignore[arg-type]
    Finding.objects.create(
        node=site, identity="i", origin="exposure", subject="vpn.essai.example", title="t",
        severity="major", asset=Asset.objects.get(name="vpn.essai.example"), first_seen_at=NOW,
        last_seen_at=NOW, last_reached_at=NOW,
    )  # fmt: skip

    with pytest.raises(ProposalError, match="un constat porte déjà"):
        undo(list(Proposal.objects.all()), **WHO)  # type: ignore[arg-type]
    assert Proposal.objects.get().state == ProposalState.ACCEPTED
