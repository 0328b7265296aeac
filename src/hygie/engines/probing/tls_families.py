"""Families of suites and groups of keys, each asked about by one ClientHello. Pure data.

A family is what a guide accepts or refuses as a whole (ANSSI TLS v1.2, R6 to R10). A suite lies
in one family by its key exchange and in one by its cipher; the weak ciphers come first, so that
"cbc" means CBC with a cipher that is not broken.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from hygie.engines.probing.suites import OLDER_SUITES, WEAK_SUITES

if TYPE_CHECKING:
    from collections.abc import Callable

_NAMES: Final = {**OLDER_SUITES, **WEAK_SUITES}


def _suites(test: Callable[[str], bool]) -> tuple[int, ...]:
    return tuple(code for code, name in _NAMES.items() if test(name))


def _is_sound(name: str) -> bool:
    """Tell whether a suite has nothing of the broken families."""
    broken = ("NULL", "anon", "EXPORT", "RC4", "3DES", "_DES_", "RC2", "IDEA", "SEED")
    return not any(word in name for word in broken)


FAMILIES: Final[dict[str, tuple[int, ...]]] = {
    "null": _suites(lambda name: "_NULL_" in name and "anon" not in name),
    "anonymous": _suites(lambda name: "_anon_" in name),
    "export": _suites(lambda name: "EXPORT" in name and "anon" not in name),
    "rc4": _suites(lambda name: "_RC4_128_" in name and "anon" not in name),
    "des": _suites(lambda name: "WITH_DES_CBC" in name and "anon" not in name),
    "3des": _suites(lambda name: "3DES" in name and "anon" not in name),
    "idea-seed": _suites(lambda name: "IDEA" in name or "SEED" in name),
    "ccm8": _suites(lambda name: name.endswith("CCM_8")),
    "rsa": _suites(lambda name: name.startswith("TLS_RSA_WITH") and _is_sound(name)),
    "dhe": _suites(lambda name: name.startswith("TLS_DHE_") and _is_sound(name)),
    "ecdhe": _suites(lambda name: name.startswith("TLS_ECDHE_") and _is_sound(name)),
    "cbc": _suites(lambda name: "_CBC_" in name and _is_sound(name)),
    "aead": _suites(
        lambda name: any(mode in name for mode in ("GCM", "CHACHA20", "_CCM")) and _is_sound(name)
    ),
}

GROUPS: Final[dict[int, str]] = {
    0x11EC: "X25519MLKEM768",
    0x11EB: "SecP256r1MLKEM768",
    29: "x25519",
    30: "x448",
    23: "secp256r1",
    24: "secp384r1",
    25: "secp521r1",
    0x0100: "ffdhe2048",
    0x0101: "ffdhe3072",
    0x0102: "ffdhe4096",
    26: "brainpoolP256r1",
    22: "secp256k1",
    21: "secp224r1",
    19: "secp192r1",
}
"""Named groups asked about: https://www.iana.org/assignments/tls-parameters/ (Supported Groups)."""

TLS13_GROUPS: Final = (0x11EC, 0x11EB, 29, 30, 23, 24, 25, 0x0100, 0x0101, 0x0102)
OLDER_GROUPS: Final = (29, 30, 23, 24, 25, 26, 22, 21, 19)
POST_QUANTUM: Final = frozenset({"X25519MLKEM768", "SecP256r1MLKEM768"})


def group_name(code: int) -> str:
    """Return the IANA name, or the code itself when we do not know it."""
    return GROUPS.get(code) or f"0x{code:04X}"
