"""Package URLs: ``pkg:type/namespace/name@version?qualifiers#subpath``.

Source: https://github.com/package-url/purl-spec (PURL-SPECIFICATION and the rules of each
type, of which the case and separator rules that change identity are applied here).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote, unquote_to_bytes

from hygie.vocabulary.errors import InputError

PURL_MAX_CHARS: Final = 4096

_TYPE: Final = re.compile(r"[a-z][a-z0-9.\-]*", re.ASCII)
_QUALIFIER: Final = re.compile(r"[a-z][a-z0-9.\-_]*", re.ASCII)
_LOWER_NAME: Final = frozenset(
    {"alpm", "apk", "bitbucket", "composer", "deb", "github", "gitlab", "hex", "npm", "pypi"}
)
_LOWER_NAMESPACE: Final = _LOWER_NAME | {"golang", "rpm"}


class PurlError(InputError):
    """The text is not a package URL."""


@dataclass(frozen=True, slots=True)
class PackageUrl:
    """A package URL in its canonical parts, percent-decoded.

    Attributes:
        type: ecosystem, lower case, such as ``npm`` or ``deb``.
        namespace: segments joined by ``/``, empty when the type has none.
        name: package name, normalised by the rules of its type.
        version: as written, empty when absent.
        qualifiers: (key, value) pairs sorted by key, without empty values.
        subpath: path inside the package, empty when absent.
    """

    type: str
    namespace: str
    name: str
    version: str = ""
    qualifiers: tuple[tuple[str, str], ...] = ()
    subpath: str = ""

    @property
    def coordinates(self) -> str:
        """Identity without version: ``type/namespace/name``."""
        return "/".join(part for part in (self.type, self.namespace, self.name) if part)

    def __str__(self) -> str:
        segments = [*self.namespace.split("/"), self.name] if self.namespace else [self.name]
        text = f"pkg:{self.type}/" + "/".join(_encode(segment) for segment in segments)
        if self.version:
            text += f"@{_encode(self.version)}"
        if self.qualifiers:
            text += "?" + "&".join(f"{key}={_encode(value)}" for key, value in self.qualifiers)
        if self.subpath:
            text += "#" + "/".join(_encode(segment) for segment in self.subpath.split("/"))
        return text


def parse_purl(text: str) -> PackageUrl:
    """Read a package URL and return it normalised.

    Raises:
        PurlError: if the scheme, the type or the name is missing or malformed.
    """
    purl = text.strip()
    if len(purl) > PURL_MAX_CHARS:
        raise PurlError(f"purl de plus de {PURL_MAX_CHARS} caractères, refusé")
    scheme, separator, rest = purl.partition(":")
    if not separator or scheme.lower() != "pkg":
        raise PurlError(f"« {purl[:60]} » n’est pas un purl, exemple : pkg:npm/lodash@4.17.21")
    rest, _, subpath = rest.partition("#")
    rest, _, qualifiers = rest.partition("?")
    path, version = _split_version(rest.strip("/"))
    segments = [_decode(segment, purl) for segment in path.split("/") if segment]
    if len(segments) < 2:  # noqa: PLR2004 - a type and a name
        raise PurlError(f"« {purl[:60]} » : il manque le type ou le nom du paquet")
    kind = segments[0].lower()
    if not _TYPE.fullmatch(kind):
        raise PurlError(f"« {purl[:60]} » : « {segments[0][:30]} » n’est pas un type de paquet")
    return PackageUrl(
        type=kind,
        namespace=_namespace(kind, segments[1:-1]),
        name=_name(kind, segments[-1]),
        version=_decode(version, purl),
        qualifiers=_qualifiers(qualifiers, purl),
        subpath=_subpath(subpath, purl),
    )


def _split_version(path: str) -> tuple[str, str]:
    """Split at the last ``@``, unless it opens the last segment (an npm scope)."""
    at = path.rfind("@")
    if at <= 0 or path[at - 1] == "/":
        return path, ""
    return path[:at].rstrip("/"), path[at + 1 :]


def _namespace(kind: str, segments: list[str]) -> str:
    namespace = "/".join(segments)
    return namespace.lower() if kind in _LOWER_NAMESPACE else namespace


def _name(kind: str, name: str) -> str:
    if kind == "pypi":
        return name.lower().replace("_", "-")
    return name.lower() if kind in _LOWER_NAME else name


def _qualifiers(text: str, purl: str) -> tuple[tuple[str, str], ...]:
    if not text:
        return ()
    pairs: dict[str, str] = {}
    for piece in filter(None, text.split("&")):
        key, _, value = piece.partition("=")
        key = key.lower()
        if not _QUALIFIER.fullmatch(key) or key in pairs:
            raise PurlError(f"« {purl[:60]} » : qualificatif « {key[:30]} » invalide ou répété")
        pairs[key] = _decode(value, purl)
    return tuple(sorted((key, value) for key, value in pairs.items() if value))


def _subpath(text: str, purl: str) -> str:
    segments = [_decode(segment, purl) for segment in text.split("/")] if text else []
    return "/".join(segment for segment in segments if segment not in ("", ".", ".."))


def _decode(text: str, purl: str) -> str:
    if "%" not in text:
        return text
    try:
        return unquote_to_bytes(text).decode("utf-8")
    except UnicodeDecodeError as error:
        raise PurlError(f"« {purl[:60]} » : séquence % qui n’est pas de l’UTF-8") from error


def _encode(text: str) -> str:
    """Percent-encode all but unreserved characters and ``:`` (purl-spec, "Character encoding")."""
    return quote(text, safe=":")
