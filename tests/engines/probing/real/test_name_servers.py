"""Real name servers: NSD with zones signed here, well and badly; Knot, which signs by itself."""

from __future__ import annotations

import datetime as dt
import subprocess
import time
from typing import TYPE_CHECKING, Any

import dns.dnssec
import dns.name
import dns.zone
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from tests.engines.probing.peers import run
from tests.engines.probing.real import servers
from tests.engines.probing.real.tools import need

from hygie.engines.probing import dns as dns_probe
from hygie.engines.probing.network import LabNetwork

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = [pytest.mark.slow, pytest.mark.timeout(60)]

NOW = dt.datetime.now(dt.UTC)
DAY = dt.timedelta(days=1)
CHILDREN = ("bon", "expire", "altere", "faux-ds", "nu")


def _child(name: str) -> str:
    return (
        f"$ORIGIN {name}.example.\n$TTL 300\n"
        "@ SOA ns1 hostmaster 1 3600 600 86400 300\n@ NS ns1\n@ NS ns2\n"
        "ns1 A 192.0.2.53\nns2 A 198.51.100.53\n@ A 198.51.100.7\n@ AAAA 2001:db8::7\n"
        '@ CAA 0 issue "ca.example"\n@ MX 10 mx\nwww CNAME parti.bon.example.\n'
    )


def _signed(name: str, until: dt.datetime) -> tuple[str, str]:
    """Return (the zone signed until then, its DS record)."""
    zone = dns.zone.from_text(_child(name), origin=f"{name}.example.", relativize=False)
    key = ec.generate_private_key(ec.SECP256R1())
    public = dns.dnssec.make_dnskey(key.public_key(), dns.dnssec.Algorithm.ECDSAP256SHA256, 257)
    start = until - 30 * DAY
    dns.dnssec.sign_zone(zone, keys=[(key, public)], inception=start, expiration=until)
    ds = dns.dnssec.make_ds(f"{name}.example.", public, "SHA256")
    return zone.to_text(relativize=False), ds.to_text()


def zones() -> dict[str, str]:
    signed = {name: _signed(name, NOW + 20 * DAY) for name in ("bon", "altere", "faux-ds")}
    signed["expire"] = _signed("expire", NOW - 2 * DAY)
    parent = "$ORIGIN example.\n$TTL 300\n@ SOA ns hostmaster 1 3600 600 86400 300\n@ NS ns\n"
    parent += "ns A 192.0.2.1\n"
    for name in CHILDREN:
        parent += f"{name} NS ns1.{name}\nns1.{name} A 192.0.2.53\n"
        if name in signed:
            parent += f"{name} DS {signed[name][1]}\n"
    content = {f"{name}.example": text for name, (text, _) in signed.items()}
    content["altere.example"] = content["altere.example"].replace(
        "3600 600 86400", "3600 601 86400"
    )
    other_key = _signed("faux-ds", NOW + 20 * DAY)[1]
    parent = parent.replace(signed["faux-ds"][1], other_key)
    return {**content, "nu.example": _child("nu"), "example": parent}


@pytest.fixture(scope="module")
def nsd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LabNetwork]:
    with servers.nsd(tmp_path_factory.mktemp("nsd"), zones()) as port:
        yield LabNetwork({"dns": ["127.0.0.1", port], "services": {}})


def seen(name: str, network: LabNetwork) -> Any:  # noqa: ANN401 - JSON
    return run(dns_probe.observe(name, network, now=NOW)).value


@pytest.mark.parametrize(
    ("zone", "signed", "valid"),
    [
        ("bon", True, True),
        ("expire", True, False),
        ("altere", True, False),
        ("faux-ds", True, False),
        ("nu", False, None),
    ],
)
def test_the_signatures_of_nsd_are_judged(
    nsd: LabNetwork,
    zone: str,
    signed: bool,  # noqa: FBT001 - a fact, not a switch
    valid: bool | None,  # noqa: FBT001
) -> None:
    value = seen(f"{zone}.example", nsd)

    assert (value["dnssec"], value["dnssec_valid"]) == (signed, valid)


def test_the_rest_of_a_zone_of_nsd_is_read(nsd: LabNetwork) -> None:
    value = seen("bon.example", nsd)

    assert value["name_servers"] == ["ns1.bon.example", "ns2.bon.example"]
    assert value["addresses"] == ["198.51.100.7"]
    assert value["ipv6"] == ["2001:db8::7"]
    assert value["networks"] == 2
    assert value["open_transfer"] is False
    assert value["caa"] == ['0 issue "ca.example"']


def test_an_alias_that_leads_nowhere_is_told(nsd: LabNetwork) -> None:
    assert seen("www.bon.example", nsd)["dangling_cname"] == "parti.bon.example"


def test_knot_signs_by_itself_and_hands_its_zone_to_anybody(folder: Path) -> None:
    need("keymgr", "knot")
    with servers.knot(folder, "knot.example", _child("knot")) as port:
        network = LabNetwork({"dns": ["127.0.0.1", port], "services": {}})
        ds = _ds_of(folder, "knot.example")
        alone = seen("knot.example", network)
        with servers.nsd(_made(folder / "parent"), _parent("knot.example", ds)) as parent_port:
            parent = LabNetwork({"dns": ["127.0.0.1", parent_port], "services": {}})
            whole = seen("knot.example", _Delegated(network, parent))  # type: ignore[arg-type]

    assert alone["open_transfer"] is True
    assert (alone["dnssec"], alone["dnssec_valid"]) == (True, None)  # no parent vouches for it
    assert (whole["dnssec"], whole["dnssec_valid"]) == (True, True)


class _Delegated:
    """Asks the parent for DS records, the zone for the rest, as a resolver does."""

    def __init__(self, zone: LabNetwork, parent: LabNetwork) -> None:
        self._zone, self._parent = zone, parent

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - all else is the zone's network
        return getattr(self._zone, name)

    async def query(self, name: str, rdtype: str, **settings: bool) -> Any:  # noqa: ANN401
        holder = self._parent if rdtype == "DS" else self._zone
        return await holder.query(name, rdtype, **settings)


def _parent(zone: str, ds: str) -> dict[str, str]:
    text = "$ORIGIN example.\n$TTL 300\n@ SOA ns hostmaster 1 3600 600 86400 300\n@ NS ns\n"
    return {"example": f"{text}ns A 192.0.2.1\n{zone}. NS ns1.{zone}.\n{zone}. DS {ds}\n"}


def _made(folder: Path) -> Path:
    folder.mkdir()
    return folder


def _ds_of(folder: Path, zone: str) -> str:
    """Return the SHA-256 DS record that Knot's own tool states, once its keys are made."""
    command = [need("keymgr", "knot"), "-c", str(folder / "knot.conf"), zone, "ds"]
    for _ in range(50):
        done = subprocess.run(command, check=False, capture_output=True, text=True)
        for line in done.stdout.splitlines():
            words = line.split()
            if len(words) > 5 and words[4] == "2":
                return " ".join(words[2:])
        time.sleep(0.1)
    raise AssertionError(done.stderr)
