"""What real TLS servers are told to be: one row a server, read by ``tls_servers``."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from tests.engines.probing.real.certificates import Kind

VERSIONS: Final = ("SSLv3", "TLSv1.0", "TLSv1.1", "TLSv1.2", "TLSv1.3")

_ORDINARY: Final = Kind()


@dataclass(frozen=True, slots=True)
class Configuration:
    """One server.

    Attributes:
        name: of the test.
        server: nginx, openssl, stunnel, python, gnutls or tlslite.
        kind: its certificate.
        oldest, newest: bounds of its versions.
        ciphers: OpenSSL list for TLS 1.2 and older; a GnuTLS priority for gnutls.
        suites13: OpenSSL list for TLS 1.3.
        groups: OpenSSL names of groups, colons between.
        second: a second certificate, for servers that hold two.
        asks_client: a client certificate is wanted.
    """

    name: str
    server: str
    kind: Kind = _ORDINARY
    oldest: str = "TLSv1.2"
    newest: str = "TLSv1.3"
    ciphers: str = ""
    suites13: str = ""
    groups: str = ""
    second: Kind | None = None
    asks_client: bool = False

    @property
    def old(self) -> bool:
        """Tell whether OpenSSL's security level must be lowered for it."""
        weak = self.kind.key in ("rsa1024", "dsa2048")
        return weak or VERSIONS.index(self.oldest) < VERSIONS.index("TLSv1.2")


_RSA = Kind("rsa2048")
_INTERMEDIATE = (
    "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384:"
    "ECDHE-RSA-AES256-GCM-SHA384:ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305"
)
_ALL = "ALL:!aNULL:!eNULL"
_C = Configuration

CONFIGURATIONS: Final = (
    _C("nginx-modern", "nginx", oldest="TLSv1.3"),
    _C("nginx-intermediate", "nginx", _RSA, ciphers=_INTERMEDIATE),
    _C("nginx-everything", "nginx", _RSA, oldest="TLSv1.0", ciphers=_ALL),
    _C("nginx-1.0-only", "nginx", _RSA, oldest="TLSv1.0", newest="TLSv1.0", ciphers=_ALL),
    _C("nginx-1.1-only", "nginx", _RSA, oldest="TLSv1.1", newest="TLSv1.1", ciphers=_ALL),
    _C("nginx-1.2-only", "nginx", newest="TLSv1.2", ciphers=_INTERMEDIATE),
    _C("nginx-rsa-exchange", "nginx", _RSA, newest="TLSv1.2", ciphers="AES128-SHA:AES256-SHA256"),
    _C("nginx-cbc", "nginx", _RSA, newest="TLSv1.2", ciphers="ECDHE-RSA-AES128-SHA256"),
    _C("nginx-chacha", "nginx", newest="TLSv1.2", ciphers="ECDHE-ECDSA-CHACHA20-POLY1305"),
    _C("nginx-two-keys", "nginx", _RSA, second=Kind("ec256"), ciphers=_INTERMEDIATE),
    _C("nginx-x25519", "nginx", groups="X25519"),
    _C("nginx-p384", "nginx", Kind("ec384"), groups="secp384r1"),
    _C("nginx-expired", "nginx", Kind("ec256", flaw="expired")),
    _C("nginx-rsa1024", "nginx", Kind("rsa1024"), ciphers=_ALL),
    _C("nginx-client-certificate", "nginx", asks_client=True),
    _C("nginx-ed25519", "nginx", Kind("ed25519")),
    _C("nginx-aes256-only", "nginx", suites13="TLS_AES_256_GCM_SHA384", oldest="TLSv1.3"),
    _C("openssl-default", "openssl", _RSA),
    _C("openssl-1.0-to-1.2", "openssl", _RSA, "TLSv1.0", "TLSv1.2", _ALL),
    _C("openssl-p521-retry", "openssl", oldest="TLSv1.3", groups="P-521"),
    _C("openssl-x448-retry", "openssl", oldest="TLSv1.3", groups="X448"),
    _C("openssl-ffdhe-retry", "openssl", _RSA, oldest="TLSv1.3", groups="ffdhe2048"),
    _C("openssl-aria", "openssl", _RSA, newest="TLSv1.2", ciphers="ARIAGCM"),
    _C("openssl-camellia", "openssl", _RSA, newest="TLSv1.2", ciphers="CAMELLIA"),
    _C("openssl-ccm", "openssl", newest="TLSv1.2", ciphers="ECDHE-ECDSA-AES128-CCM"),
    _C("openssl-ccm8", "openssl", newest="TLSv1.2", ciphers="ECDHE-ECDSA-AES128-CCM8"),
    _C("openssl-dhe", "openssl", _RSA, newest="TLSv1.2", ciphers="DHE-RSA-AES256-GCM-SHA384"),
    _C("openssl-dss", "openssl", Kind("dsa2048"), "TLSv1.0", "TLSv1.2", "aDSS"),
    _C("openssl-1.1-cbc", "openssl", _RSA, "TLSv1.1", "TLSv1.1", "AES256-SHA:ECDHE-RSA-AES256-SHA"),
    _C("openssl-ed448", "openssl", Kind("ed448")),
    _C("openssl-p521-key", "openssl", Kind("ec521", "sha512")),
    _C("openssl-chain", "openssl", Kind("ec384", "sha384", "chain")),
    _C("openssl-self-signed", "openssl", Kind("rsa3072", flaw="self-signed")),
    _C("openssl-wildcard", "openssl", Kind("ec256", flaw="wildcard")),
    _C("openssl-ccm-1.3", "openssl", oldest="TLSv1.3", suites13="TLS_AES_128_CCM_SHA256"),
    _C("stunnel-default", "stunnel", _RSA),
    _C("stunnel-old", "stunnel", _RSA, "TLSv1.0", "TLSv1.2", _ALL),
    _C("stunnel-1.2", "stunnel", newest="TLSv1.2", ciphers=_INTERMEDIATE),
    _C("stunnel-1.3", "stunnel", oldest="TLSv1.3"),
    _C("stunnel-1.1-to-1.3", "stunnel", _RSA, oldest="TLSv1.1", ciphers=_ALL),
    _C("stunnel-p256", "stunnel", groups="P-256"),
    _C("stunnel-not-yet", "stunnel", Kind("ec256", flaw="not-yet")),
    _C("stunnel-chain", "stunnel", Kind("rsa2048", flaw="chain")),
    _C("python-default", "python", _RSA),
    _C("python-old", "python", _RSA, "TLSv1.0", "TLSv1.3", _ALL),
    _C("python-1.0-to-1.1", "python", _RSA, "TLSv1.0", "TLSv1.1", _ALL),
    _C("python-rsa-cbc", "python", _RSA, "TLSv1.0", "TLSv1.2", "AES256-SHA"),
    _C("python-other-name", "python", Kind("ec256", flaw="other-name")),
    _C("python-long", "python", Kind("ec384", flaw="long")),
    _C("python-1.2", "python", newest="TLSv1.2"),
    _C("gnutls-default", "gnutls", _RSA, "TLSv1.0", ciphers="NORMAL"),
    _C("gnutls-3des", "gnutls", _RSA, "TLSv1.0", "TLSv1.2",
       "NONE:+VERS-TLS1.0:+VERS-TLS1.1:+VERS-TLS1.2:+3DES-CBC:+RSA:+SHA1:+SIGN-ALL:+COMP-NULL"),
    _C("gnutls-rc4", "gnutls", _RSA, "TLSv1.0", "TLSv1.1",
       "NONE:+VERS-TLS1.0:+VERS-TLS1.1:+ARCFOUR-128:+RSA:+SHA1:+MD5:+SIGN-ALL:+COMP-NULL"),
    _C("gnutls-secure256", "gnutls", ciphers="SECURE256:-VERS-ALL:+VERS-TLS1.2:+VERS-TLS1.3"),
    _C("tlslite-sslv3", "tlslite", _RSA, "SSLv3", "TLSv1.0"),
    _C("tlslite-everything", "tlslite", _RSA, "SSLv3", "TLSv1.3"),
)  # fmt: skip
