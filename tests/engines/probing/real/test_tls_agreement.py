"""Our TLS facts beside sslyze's and testssl.sh's, on more than fifty real servers.

Nothing is installed here: ``python -m bench probing`` makes sslyze's environment, apt brings the
servers and testssl.sh. What is absent is said. A difference is an error unless EXPLAINED or
PEER_BLIND says why, and each such reason is itself checked.
"""

from __future__ import annotations

import socket
import ssl
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, Final

import pytest
from tests.engines.probing.peers import lab, run
from tests.engines.probing.real.certificates import HOST, CertificateFolder
from tests.engines.probing.real.comparing import compared, differences
from tests.engines.probing.real.oracles import Seen, ask_sslyze, ask_testssl
from tests.engines.probing.real.tls_configurations import CONFIGURATIONS
from tests.engines.probing.real.tls_servers import tls_servers
from tests.engines.probing.real.tools import need, need_peer

from hygie.engines.probing import tls, tls_depth
from hygie.engines.probing.suites import ALL_SUITES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from tests.engines.probing.real.tls_configurations import Configuration

pytestmark = [pytest.mark.slow, pytest.mark.timeout(240)]
LEAST: Final = 40
TESTSSL_SLOW: Final = ("nginx-intermediate", "openssl-1.0-to-1.2", "stunnel-1.3")
TESTSSL_GROUPS: Final = (
    "nginx-x25519",
    "openssl-ffdhe-retry",
    "openssl-x448-retry",
    "stunnel-p256",
)
ROWS: Final = {row.name: row for row in CONFIGURATIONS}

_DATES_AND_NAME: Final = (
    "sslyze's trust includes dates and name; ours leaves them to facts of their own"
)
EXPLAINED: Final[Mapping[tuple[str, str], str]] = {
    ("nginx-expired", "certificate"): _DATES_AND_NAME,
    ("stunnel-not-yet", "certificate"): _DATES_AND_NAME,
    ("python-other-name", "certificate"): _DATES_AND_NAME,
}
_OLD_CLIENT: Final = (
    "sslyze asks about CBC and the like with OpenSSL 1.0.2, which knows neither X25519 alone nor "
    "Ed25519 and Ed448 keys: it reads these suites as refused"
)
PEER_BLIND: Final[Mapping[str, str]] = {
    "nginx-x25519": _OLD_CLIENT,
    "nginx-ed25519": _OLD_CLIENT,
    "openssl-ed448": _OLD_CLIENT,
    "openssl-ffdhe-retry": "sslyze offers no finite-field group in TLS 1.3: no way to speak",
    "openssl-ccm-1.3": "sslyze offers no AES-CCM in TLS 1.3: no way to speak",
}


@pytest.fixture(scope="module")
def ports(
    tmp_path_factory: pytest.TempPathFactory, certificates: CertificateFolder
) -> Iterator[dict[str, int]]:
    folder = tmp_path_factory.mktemp("tls")
    with tls_servers(CONFIGURATIONS, certificates, folder) as (found, absent):
        if len(found) < LEAST:
            pytest.skip(f"{len(found)} servers only; absent here: {', '.join(absent)}")
        yield found


@pytest.fixture(scope="module")
def ours(
    ports: dict[str, int], certificates: CertificateFolder
) -> dict[str, tuple[Mapping[str, Any], Mapping[str, Any]]]:
    async def observe(port: int) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
        network = lab({f"{HOST}:443": port}, ca=str(certificates.authority))
        found = await tls.observe(HOST, 443, network, now=certificates.now)
        depth = await tls_depth.observe(HOST, 443, network, now=certificates.now)
        return found.value, depth.value

    async def scenario() -> dict[str, tuple[Mapping[str, Any], Mapping[str, Any]]]:
        return {name: await observe(port) for name, port in ports.items()}

    return run(scenario())


@pytest.fixture(scope="module")
def sslyze(
    ports: dict[str, int],
    certificates: CertificateFolder,
    tmp_path_factory: Any,  # noqa: ANN401
) -> dict[str, Seen | None]:
    python = need_peer("sslyze", "sslyze")
    return ask_sslyze(python, ports, certificates.authority, tmp_path_factory.mktemp("sslyze"))


def test_each_server_accepts_the_versions_it_was_given(ours: Mapping[str, Any]) -> None:
    wrong = {
        name: found["accepted"]
        for name, (found, _) in ours.items()
        if not _fits(ROWS[name], found["accepted"]) or found["undetermined"]
    }

    assert not wrong


def _fits(row: Configuration, accepted: list[str]) -> bool:
    return bool(accepted) and row.oldest <= accepted[0] and accepted[-1] <= row.newest


def test_every_fact_is_also_sslyzes(
    ours: Mapping[str, Any], sslyze: Mapping[str, Seen | None], record_property: Callable[..., None]
) -> None:
    seen = {name: found for name, found in sslyze.items() if found is not None}
    record_property("facts compared", sum(compared(found) for found in seen.values()))
    unexplained = {
        (name, fact): pair
        for name, found in seen.items()
        for fact, pair in differences(*ours[name], found).items()
        if (name, fact) not in EXPLAINED
        and not (name in PEER_BLIND and fact in ("suites", "families"))
    }

    assert not unexplained
    assert len(seen) >= LEAST
    assert {name for name, found in sslyze.items() if found is None} <= set(PEER_BLIND)


def test_suites_that_sslyze_cannot_ask_about_are_really_spoken(
    ports: Mapping[str, int], ours: Mapping[str, Any], sslyze: Mapping[str, Seen | None]
) -> None:
    """A whole handshake by OpenSSL decides between the two."""
    for name in PEER_BLIND:
        theirs = sslyze.get(name)
        if theirs is None:
            continue
        disputed, _ = differences(*ours[name], theirs).get("suites", (frozenset(), None))
        for suite in disputed:  # type: ignore[attr-defined] # a set of names
            assert _shakes_hands(ports[name], suite) == suite


def _shakes_hands(port: int, suite: str) -> str | None:
    code = next(code for code, name in ALL_SUITES.items() if name == suite)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    context.set_ciphers("ALL:@SECLEVEL=0")
    names = {item["id"] & 0xFFFF: item["name"] for item in context.get_ciphers()}
    context.set_ciphers(f"{names[code]}:@SECLEVEL=0")
    with (
        socket.create_connection(("127.0.0.1", port), 5) as line,
        context.wrap_socket(line, server_hostname=HOST) as channel,
    ):
        agreed = channel.cipher()
    return suite if agreed and agreed[0] == names[code] else None


def test_a_reason_that_no_longer_holds_is_taken_out(
    ours: Mapping[str, Any], sslyze: Mapping[str, Seen | None]
) -> None:
    stale = [
        (name, fact)
        for name, fact in EXPLAINED
        if (found := sslyze.get(name)) is not None and fact not in differences(*ours[name], found)
    ]

    assert not stale


def test_testssl_sees_the_same_versions(
    ports: Mapping[str, int],
    ours: Mapping[str, Any],
    tmp_path_factory: Any,  # noqa: ANN401
) -> None:
    found = _ask_testssl(TESTSSL_SLOW, ports, tmp_path_factory.mktemp("testssl"), deep=False)

    versions = {name: seen.versions for name, seen in found.items()}
    assert versions == {name: frozenset(ours[name][0]["accepted"]) for name in versions}
    assert versions


@pytest.mark.exhaustive
@pytest.mark.timeout(7_200)
def test_testssl_sees_the_same_versions_everywhere(
    ports: Mapping[str, int],
    ours: Mapping[str, Any],
    tmp_path_factory: Any,  # noqa: ANN401
) -> None:
    found = _ask_testssl(tuple(ports), ports, tmp_path_factory.mktemp("testssl"), deep=False)
    wrong = {
        name: (ours[name][0]["accepted"], sorted(seen.versions))
        for name, seen in found.items()
        if seen.versions != frozenset(ours[name][0]["accepted"])
    }

    assert not wrong


@pytest.mark.exhaustive
@pytest.mark.timeout(7_200)
def test_testssl_sees_the_same_groups(
    ports: Mapping[str, int],
    ours: Mapping[str, Any],
    tmp_path_factory: Any,  # noqa: ANN401
) -> None:
    found = _ask_testssl(TESTSSL_GROUPS, ports, tmp_path_factory.mktemp("testssl"), deep=True)
    wrong = {
        (name, fact): pair
        for name, seen in found.items()
        for fact, pair in differences(*ours[name], seen, finite=True).items()
    }

    assert not wrong


def _ask_testssl(
    names: tuple[str, ...],
    ports: Mapping[str, int],
    folder: Any,  # noqa: ANN401
    *,
    deep: bool,
) -> dict[str, Seen]:
    program = need("testssl", "testssl.sh")
    with ThreadPoolExecutor(2) as pool:
        asked = pool.map(lambda name: ask_testssl(program, ports[name], folder, deep=deep), names)
        answers = dict(zip(names, asked, strict=True))
    seen = {name: found for name, found in answers.items() if found is not None}
    print(f"testssl.sh never ended on: {sorted(set(names) - set(seen))}")
    assert len(seen) >= int(len(names) * 0.9)  # it stays stuck on a few old stacks
    return seen
