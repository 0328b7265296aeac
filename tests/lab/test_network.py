from __future__ import annotations

from ipaddress import ip_address, ip_network

import pytest

from hygie.lab.certificates import FLAWS
from hygie.lab.network import State, load_network
from hygie.lab.pages import PAGES
from hygie.lab.servers.banner import BannerSettings
from hygie.lab.servers.dicom import DicomSettings
from hygie.lab.servers.http import HttpSettings
from hygie.lab.servers.mllp import MllpSettings
from hygie.lab.servers.smtp import SmtpSettings
from hygie.lab.servers.udp import UdpSettings
from hygie.lab.territory import load_territory
from hygie.lab.zones import ZoneSettings, records_of

NETWORK = load_network()
SLUGS = {establishment.slug for establishment in load_territory().establishments}
DOCUMENTATION = [ip_network(n) for n in ("192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24")]
SETTINGS = {
    "http": HttpSettings,
    "smtp": SmtpSettings,
    "banner": BannerSettings,
    "dicom": DicomSettings,
    "mllp": MllpSettings,
    "udp": UdpSettings,
}


def test_every_weakness_is_named_once_and_changes_something() -> None:
    names = [weakness.name for weakness in NETWORK.weaknesses]
    used = {name for part in (*NETWORK.services, *NETWORK.zones) for name in part.weaknesses}

    assert len(set(names)) == len(names)
    assert set(names) == used


def test_a_weakness_touches_only_its_own_establishment() -> None:
    owner = {weakness.name: weakness.establishment for weakness in NETWORK.weaknesses}

    for part in (*NETWORK.services, *NETWORK.zones):
        assert {owner[name] for name in part.weaknesses} <= {part.establishment}


def test_every_service_belongs_to_an_establishment_and_answers_under_one_name() -> None:
    names = [service.name for service in NETWORK.services]

    assert len(set(names)) == len(names)
    assert {service.establishment for service in NETWORK.services} <= SLUGS
    assert all(service.host.endswith(".example") for service in NETWORK.services)


@pytest.mark.parametrize("state", [State.BROKEN, State.FIXED])
def test_the_settings_of_every_service_are_those_of_its_server(state: State) -> None:
    for service in NETWORK.services:
        settings = service.settings_under(lambda _: state)
        assert settings is not None
        settings.pop("closed", None)
        made = SETTINGS[service.kind](**settings)
        if isinstance(made, HttpSettings):
            assert made.page == "redirect" or made.page in PAGES
        if isinstance(made, HttpSettings | SmtpSettings):
            assert made.certificate in FLAWS


@pytest.mark.parametrize("state", [State.BROKEN, State.FIXED])
def test_every_zone_gives_addresses_that_are_kept_for_documentation(state: State) -> None:
    for zone in NETWORK.zones:
        settings = zone.settings_under(lambda _: state)
        assert settings is not None
        records = records_of(zone, ZoneSettings(**settings))
        addresses = [r.address for rrset in records if rrset.rdtype == 1 for r in rrset]
        assert all(any(ip_address(a) in n for n in DOCUMENTATION) for a in addresses)


def test_each_host_lies_in_one_zone_at_an_address_of_its_own() -> None:
    hosts = [host for zone in NETWORK.zones for host in zone.hosts]

    assert len(set(hosts)) == len(hosts)
    assert set(hosts) == {service.host for service in NETWORK.services}


def test_down_wins_over_every_other_switch() -> None:
    [webmail] = [s for s in NETWORK.services if s.host == "webmail.ch-val-hygie.example"]
    states = {"owa-ch-val-hygie": State.FIXED, "certificat-ch-val-hygie": State.DOWN}

    assert webmail.settings_under(states.__getitem__) is None


def test_fixing_one_weakness_leaves_the_other() -> None:
    [webmail] = [s for s in NETWORK.services if s.host == "webmail.ch-val-hygie.example"]
    states = {"owa-ch-val-hygie": State.FIXED, "certificat-ch-val-hygie": State.BROKEN}

    settings = webmail.settings_under(states.__getitem__)

    assert settings is not None
    assert settings["version"].startswith("15.2")
    assert settings["certificate"] == "expired"


def test_every_version_is_text() -> None:
    for service in NETWORK.services:
        for part in (service.settings, *service.weaknesses.values()):
            assert isinstance(part.get("version", ""), str), service.name
