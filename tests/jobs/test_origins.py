from __future__ import annotations

import pytest

from hygie.domain.estate.models import Asset, Product
from hygie.domain.veille.models import Match
from hygie.jobs.origins import Touched, joined
from hygie.jobs.uses import Use

GATEWAY = Asset(pk=1, name="Passerelle", quantity=1)
SPARE = Asset(pk=2, name="Secours", quantity=1)
PAIR = Asset(pk=3, name="Deux passerelles", quantity=2)
NAMED = Asset(pk=4, name="vpn.essai.example", quantity=1)


def listed(asset: Asset = GATEWAY, version: str = "6.0.4") -> Touched:
    product = Product(pk=10, name="FortiOS", version=version)
    return Touched(Use(product, asset.name, asset, exposed=False), match())


def shown(
    subject: str = "vpn.essai.example:443", version: str = "6.0.4", asset: Asset | None = None
) -> Touched:
    product = Product(pk=11, name="fortios", version=version)
    return Touched(Use(product, subject, asset, exposed=True, probe="http"), match())


def match(cve: str = "CVE-2018-13379") -> Match:
    return Match(cve_id=cve, identity="fortinet/fortios")


def subjects(found: list[Touched]) -> list[tuple[str, str]]:
    return [(one.use.subject, one.listed_as.subject if one.listed_as else "") for one in found]


def test_the_one_product_that_both_know_is_one() -> None:
    assert subjects(joined([listed(), shown()])) == [("vpn.essai.example:443", "Passerelle")]


def test_two_ports_of_one_host_are_one() -> None:
    found = joined([listed(), shown(), shown("vpn.essai.example:8443")])

    assert subjects(found) == [("vpn.essai.example:443", "Passerelle")]


def test_the_same_asset_is_one_whatever_else_there_is() -> None:
    found = joined([listed(), listed(NAMED), shown(asset=NAMED), shown("b.example:443")])

    assert subjects(found) == [
        ("Passerelle", ""),
        ("vpn.essai.example:443", "vpn.essai.example"),
        ("b.example:443", ""),
    ]


@pytest.mark.parametrize(
    "touched",
    [
        pytest.param([listed(), listed(SPARE), shown()], id="two assets"),
        pytest.param([listed(PAIR), shown()], id="two units"),
        pytest.param([listed(), shown(), shown("b.example:443")], id="two hosts"),
        pytest.param([listed(version="6.0.5"), shown()], id="two versions"),
    ],
)
def test_what_may_be_two_things_stays_two(touched: list[Touched]) -> None:
    assert joined(touched) == touched


@pytest.mark.parametrize(("ours", "theirs"), [("", "6.0.4"), ("6.0.4", "")])
def test_a_version_that_is_not_told_contradicts_nothing(ours: str, theirs: str) -> None:
    assert len(joined([listed(version=ours), shown(version=theirs)])) == 1


def test_another_vulnerability_is_another_thing() -> None:
    other = listed()._replace(match=match("CVE-2024-0001"))

    assert len(joined([other, shown()])) == 2
