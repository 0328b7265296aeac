from __future__ import annotations

from hygie.lab.network import Zone
from hygie.lab.zones import ZoneSettings, records_of

ZONE = Zone(
    settings={},
    weaknesses={},
    name="x.example",
    network="192.0.2",
    hosts=("www.x.example", "mail.x.example"),
    establishment=None,
)


def published(settings: ZoneSettings) -> list[str]:
    return [line for rrset in records_of(ZONE, settings) for line in rrset.to_text().splitlines()]


def test_the_soa_comes_first() -> None:
    assert " IN SOA " in published(ZoneSettings())[0]


def test_hosts_are_numbered_and_the_zone_has_the_address_of_its_site() -> None:
    records = published(ZoneSettings())

    assert "www.x.example. 60 IN A 192.0.2.10" in records
    assert "x.example. 60 IN A 192.0.2.10" in records
    assert "mail.x.example. 60 IN A 192.0.2.11" in records


def test_a_mail_host_gives_an_mx() -> None:
    assert "x.example. 60 IN MX 10 mail.x.example." in published(ZoneSettings())


def test_what_is_not_set_is_not_published() -> None:
    assert not [line for line in published(ZoneSettings()) if " TXT " in line or " CAA " in line]


def test_a_long_text_is_cut_into_strings_of_255() -> None:
    [rrset] = [
        r for r in records_of(ZONE, ZoneSettings(spf="v=spf1 " + "a" * 600)) if r.rdtype == 16
    ]

    assert [len(part) for part in rrset[0].strings] == [255, 255, 97]
