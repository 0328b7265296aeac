"""Versions as bytes whose order is their scheme's order.

``version_key(a, s) < version_key(b, s)`` exactly when scheme ``s`` places ``a`` before ``b``,
and equal keys mean the same version, whatever the spelling. Keys of different schemes do not
compare. Each scheme is one module that quotes its own specification.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from hygie.engines.matching.versions import (
    alpine,
    composer,
    debian,
    gem,
    generic,
    maven,
    pep440,
    rpm,
    semver,
)
from hygie.engines.matching.versions.encoding import VERSION_MAX_CHARS, VersionError

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = [
    "GENERIC",
    "SCHEMES",
    "VERSION_MAX_CHARS",
    "VersionError",
    "after_builds",
    "after_updates",
    "version_key",
]

GENERIC: Final = "generic"

_KEYS: Final[dict[str, Callable[[str], bytes]]] = {
    "apk": alpine.key,
    "cargo": semver.key,
    "composer": composer.key,
    "deb": debian.key,
    "gem": gem.key,
    GENERIC: generic.key,
    "golang": semver.key,
    "maven": maven.key,
    "npm": semver.key,
    "nuget": semver.nuget_key,
    "pypi": pep440.key,
    "rpm": rpm.key,
    "semver": semver.key,
}

SCHEMES: Final = frozenset(_KEYS)
"""The names ``version_key`` orders by their own rules; any other is read as ``generic``."""


def version_key(version: str, scheme: str) -> bytes:
    """Return bytes that sort (memcmp) as the scheme sorts versions.

    Args:
        version: as an inventory or an advisory writes it.
        scheme: a purl type, ``semver`` or ``generic``; a purl type without a rule of its own
            is read as ``generic``.

    Raises:
        VersionError: if the scheme cannot read the text; say "unknown", never "not affected".
    """
    return _KEYS.get(scheme, generic.key)(_bounded(version))


def after_builds(version: str, scheme: str) -> bytes | None:
    """Return the smallest key above the version and its builds, None if the scheme has none.

    Raises:
        VersionError: as ``version_key``.
    """
    return generic.after_builds(_bounded(version)) if _is_generic(scheme) else None


def after_updates(version: str, scheme: str) -> bytes | None:
    """Return the smallest key above the version's builds and updates, None if none can be told.

    Raises:
        VersionError: as ``version_key``.
    """
    return generic.after_updates(_bounded(version)) if _is_generic(scheme) else None


def _is_generic(scheme: str) -> bool:
    return scheme == GENERIC or scheme not in SCHEMES


def _bounded(version: str) -> str:
    text = version.strip()
    if not text:
        raise VersionError("version vide")
    if len(text) > VERSION_MAX_CHARS:
        raise VersionError(f"version de plus de {VERSION_MAX_CHARS} caractères")
    return text
