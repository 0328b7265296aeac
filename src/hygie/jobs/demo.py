"""Fill an empty database with the lab's invented territory, estates, mandates and accounts."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from django.utils import timezone

from hygie.domain.estate.actions import AssetLine, Document, import_assets, import_sbom
from hygie.domain.estate.mandates import Line
from hygie.domain.estate.models import AssetKind, PerimeterKind
from hygie.domain.estate.permits import Terms, sign_mandate
from hygie.domain.people.actions import create_account, grant
from hygie.domain.territory.models import Kind, Node
from hygie.engines.exchange.sbom import parse_sbom
from hygie.jobs.demo_territory import lay_demo_territory
from hygie.lab.estate import load_estates
from hygie.lab.network import load_network
from hygie.lab.sbom import render_sbom
from hygie.lab.territory import load_territory
from hygie.vocabulary.enums import Criticality, Role

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Mapping

    from hygie.lab.estate import LabAsset, LabEstate, LabMandate

ACTOR: Final = "démonstration"


@dataclass(frozen=True, slots=True)
class DemoAccount:
    """A one-click account: an address under .example, a name, a role and the node's code."""

    email: str
    name: str
    role: Role
    code: str
    kind: Kind


ACCOUNTS: Final = (
    DemoAccount("rssi@ch-val-hygie.example", "Camille Exemple", Role.RSSI, "GHT-X1-1", Kind.GHT),
    DemoAccount("rssi@chr-machaon.example", "Dominique Exemple", Role.RSSI, "GHT-X1-2", Kind.GHT),
    DemoAccount(
        "direction@ch-val-hygie.example", "Sacha Exemple", Role.DIRECTOR, "990000101", Kind.EJ
    ),
    DemoAccount("referent@ars-val-hygie.example", "Lou Exemple", Role.ARS_OFFICER, "X1", Kind.ARS),
    DemoAccount("analyste@cert.example", "Noa Exemple", Role.CERT_ANALYST, "", Kind.NATION),
    DemoAccount("auditeur@anssi.example", "Charlie Exemple", Role.ANSSI_AUDITOR, "", Kind.NATION),
    DemoAccount("fssi@ministere.example", "Andrea Exemple", Role.MINISTRY, "", Kind.NATION),
    DemoAccount("formation@ght.example", "Alix Exemple", Role.TRAINER, "GHT-X1-1", Kind.GHT),
    DemoAccount("admin@hygie.example", "Maxime Exemple", Role.ADMIN, "", Kind.NATION),
)


def fill(*, now: dt.datetime) -> None:
    """Load the invented world into an empty database."""
    lay_demo_territory(actor=ACTOR, now=now)
    sites = _sites()
    hosts = _hosts()
    for estate in load_estates(today=timezone.localdate(now)):
        node = sites[estate.establishment]
        _fill_estate(node, estate, hosts.get(estate.establishment, ()), now)
    _open_accounts(now)


def _sites() -> dict[str, Node]:
    nodes = {node.code: node for node in Node.objects.filter(kind=Kind.ET)}
    return {site.slug: nodes[site.finess] for site in load_territory().establishments}


def _hosts() -> Mapping[str, tuple[str, ...]]:
    """Return the names that answer, by establishment, in the order of the lab's document."""
    hosts: dict[str, dict[str, None]] = {}
    for service in load_network().services:
        hosts.setdefault(service.establishment, {})[service.host] = None
    return {slug: tuple(names) for slug, names in hosts.items()}


def _fill_estate(node: Node, estate: LabEstate, hosts: Iterable[str], now: dt.datetime) -> None:
    names = dict.fromkeys((*estate.domains, *hosts))
    lines = [AssetLine(AssetKind.DOMAIN, name, criticality=_stake(name)) for name in names]
    lines += [_line(asset) for asset in estate.assets]
    text = repr(lines).encode()
    document = Document("inventory", "inventaire.csv", hashlib.sha256(text).hexdigest())
    import_assets(node, lines, document, actor=ACTOR, now=now)
    for asset in estate.assets:
        if asset.sbom:
            _import_sbom(node, asset, now)
    if estate.mandate:
        _sign(node, estate.mandate, now)


def _stake(name: str) -> Criticality:
    """Say what care loses with a name: a gateway or an imaging server more than a site."""
    label = name.partition(".")[0]
    vital = label in ("vpn", "acces", "pacs", "hl7", "interfaces", "imagerie")
    return Criticality.VITAL if vital else Criticality.IMPORTANT


def _line(asset: LabAsset) -> AssetLine:
    return AssetLine(
        kind=asset.kind,
        name=asset.name,
        vendor=asset.vendor,
        model=asset.model,
        version=asset.version,
        criticality=asset.criticality,
        service=asset.service,
        quantity=asset.quantity,
        cpe=asset.cpe,
    )


def _import_sbom(node: Node, asset: LabAsset, now: dt.datetime) -> None:
    content = render_sbom(asset)
    name = f"{asset.sbom}.cdx.json"
    read = parse_sbom(content, source=name)
    line = replace(_line(asset), components=read.components)
    document = Document("sbom", name, hashlib.sha256(content).hexdigest())
    import_sbom(node, line, document, actor=ACTOR, now=now)


def _sign(node: Node, mandate: LabMandate, now: dt.datetime) -> None:
    sign_mandate(
        node,
        Terms(
            signatory=mandate.signatory,
            contact=mandate.contact,
            signed_on=mandate.signed_on,
            valid_from=mandate.signed_on,
            valid_to=mandate.valid_to,
        ),
        [Line(PerimeterKind.DOMAIN, name) for name in mandate.perimeter],
        actor=ACTOR,
        now=now,
    )


def _open_accounts(now: dt.datetime) -> None:
    for account in ACCOUNTS:
        nodes = Node.objects.filter(kind=account.kind)
        node = nodes.get(code=account.code) if account.code else nodes.get()
        user = create_account(account.email, account.name, actor=ACTOR, now=now, is_demo=True)
        grant(user, account.role, node, actor=ACTOR, now=now)
