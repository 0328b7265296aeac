"""Lay our facts beside a peer's: what differs, fact by fact. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from hygie.engines.probing.suites import suite_name
from hygie.engines.probing.tls_families import FAMILIES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.engines.probing.real.oracles import Leaf, Seen

_CURVES: Final = frozenset({"x25519", "x448", "secp256r1", "secp384r1", "secp521r1"})
_FINITE: Final = frozenset({"ffdhe2048", "ffdhe3072", "ffdhe4096"})


def differences(
    ours: Mapping[str, Any], depth: Mapping[str, Any], theirs: Seen, *, finite: bool = False
) -> dict[str, tuple[object, object]]:
    """Return (ours, theirs) for each fact that both state and state otherwise.

    Args:
        ours, depth: values of the probes ``tls`` and ``tls-depth``.
        theirs: what the peer saw.
        finite: the peer tells finite-field groups too.
    """
    pairs: dict[str, tuple[object, object]] = {
        "versions": (frozenset(ours["accepted"]), theirs.versions)
    }
    if theirs.leaves:
        pairs["certificate"] = _certificate(ours["certificate"], theirs.leaves)
    if theirs.suites:
        pairs["cipher"] = _is_known(ours["cipher"], theirs)
        pairs["suites"] = frozenset(depth["suites"]) - _all(theirs), frozenset()
        pairs["families"] = frozenset(depth["families_accepted"]), _families(depth, theirs)
    if theirs.groups is not None and theirs.groups:
        known = _CURVES | _FINITE if finite else _CURVES
        pairs["groups"] = frozenset(depth["groups_accepted"]) & known, theirs.groups & known
    return {fact: pair for fact, pair in pairs.items() if pair[0] != pair[1]}


def compared(theirs: Seen) -> int:
    """Return how many facts ``differences`` lays side by side."""
    return 1 + bool(theirs.leaves) + 3 * bool(theirs.suites) + bool(theirs.groups)


def _all(theirs: Seen) -> frozenset[str]:
    return frozenset().union(*theirs.suites.values())


def _is_known(cipher: str | None, theirs: Seen) -> tuple[object, object]:
    return (cipher, cipher) if cipher in _all(theirs) else (cipher, "not accepted")


def _families(depth: Mapping[str, Any], theirs: Seen) -> frozenset[str]:
    accepted = theirs.suites.get(depth["asked_version"], frozenset())
    return frozenset(
        family for family, codes in FAMILIES.items() if accepted & {*map(suite_name, codes)}
    )


def _certificate(ours: Mapping[str, Any] | None, leaves: tuple[Leaf, ...]) -> tuple[object, object]:
    if ours is None:
        return None, leaves
    mine = (
        tuple(ours["names"]),
        ours["not_after"],
        ours["key_type"],
        ours["key_bits"],
        ours["signature_hash"],
        ours["self_signed"],
        ours["trusted"],
    )
    others = [
        (
            leaf.names,
            leaf.not_after,
            leaf.key_type,
            leaf.key_bits,
            leaf.signature_hash,
            leaf.self_signed,
            leaf.trusted,
        )
        for leaf in leaves
    ]
    return (mine, mine) if mine in others else (mine, others)
