from __future__ import annotations

import datetime as dt

from hygie.lab.estate import load_estates
from hygie.lab.network import load_network
from hygie.lab.territory import load_territory
from hygie.vocabulary.enums import Criticality

TODAY = dt.date(2026, 11, 24)
ESTATES = load_estates(today=TODAY)


def test_every_establishment_has_its_estate() -> None:
    slugs = [establishment.slug for establishment in load_territory().establishments]

    assert [estate.establishment for estate in ESTATES] == slugs


def test_every_name_ends_in_example() -> None:
    names = [name for estate in ESTATES for name in estate.domains]
    names += [name for e in ESTATES if e.mandate for name in e.mandate.perimeter]
    names += [e.mandate.contact for e in ESTATES if e.mandate]

    assert all(name.endswith(".example") for name in names)


def test_each_service_lies_in_a_domain_of_its_establishment() -> None:
    domains = {estate.establishment: estate.domains for estate in ESTATES}

    for service in load_network().services:
        owned = domains[service.establishment]
        assert any(service.host.endswith(f".{domain}") for domain in owned), service.name


def test_one_establishment_has_no_mandate_and_one_mandate_has_expired() -> None:
    missing = [e.establishment for e in ESTATES if e.mandate is None]
    expired = [e.establishment for e in ESTATES if e.mandate and e.mandate.valid_to <= TODAY]

    assert missing == ["clinique-aiguille"]
    assert expired == ["hl-telesphore"]


def test_mandates_do_not_age_with_the_document() -> None:
    later = load_estates(today=TODAY + dt.timedelta(days=3650))

    standing = [e.mandate is None or e.mandate.valid_to > TODAY for e in ESTATES]
    standing_later = [
        e.mandate is None or e.mandate.valid_to > TODAY + dt.timedelta(days=3650) for e in later
    ]
    assert standing == standing_later


def test_the_estates_show_every_criticality_and_kind() -> None:
    assets = [asset for estate in ESTATES for asset in estate.assets]

    assert {asset.criticality for asset in assets} == set(Criticality)
    assert {asset.kind for asset in assets} == {"application", "device", "system"}


def test_no_asset_name_comes_twice_in_an_establishment() -> None:
    for estate in ESTATES:
        names = [(asset.kind, asset.name) for asset in estate.assets]
        assert len(set(names)) == len(names)


def test_every_word_of_an_asset_is_text_and_versions_are_no_numbers() -> None:
    for estate in ESTATES:
        for asset in estate.assets:
            words = (asset.name, asset.vendor, asset.model, asset.version, asset.service)
            assert all(isinstance(word, str) and word for word in words), asset
