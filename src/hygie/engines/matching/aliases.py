"""Other names of products, as data: ``aliases.yaml``.

Each entry gives one identity of the corpus (``vendor/product``), names people write, and
packages (``deb:linux-image-*``). The corpus adds the aliases its own sources state.
"""

from __future__ import annotations

from functools import cache
from importlib import resources
from typing import Any, Final

import yaml

from hygie.vocabulary.errors import InputError
from hygie.vocabulary.identity import normal_name

MAX_BYTES: Final = 1024 * 1024

_Loader: Final[type[yaml.SafeLoader]] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class AliasError(InputError):
    """The alias file is malformed."""


@cache
def packaged_aliases() -> dict[str, tuple[str, ...]]:
    """Return the aliases that travel with the project."""
    file = resources.files(__package__).joinpath("aliases.yaml")
    return parse_aliases(file.read_bytes(), source="aliases.yaml")


def parse_aliases(document: bytes, *, source: str) -> dict[str, tuple[str, ...]]:
    """Return identities by normal name or ``type:name``, in file order.

    Raises:
        AliasError: if the document is not a list of {identity, names, packages}.
    """
    if len(document) > MAX_BYTES:
        raise AliasError(f"plus de {MAX_BYTES // 1024} Kio", source=source)
    try:
        entries = yaml.load(document.decode("utf-8"), Loader=_Loader)  # noqa: S506 - safe loaders
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise AliasError("YAML illisible, corrigez-le", source=source) from error
    if not isinstance(entries, list):
        raise AliasError("une liste d’entrées est attendue", source=source)
    found: dict[str, list[str]] = {}
    for at, entry in enumerate(entries):
        for key, identity in _pairs(entry, source, f"[{at}]"):
            found.setdefault(key, []).append(identity)
    return {key: tuple(dict.fromkeys(identities)) for key, identities in found.items()}


def _pairs(entry: Any, source: str, place: str) -> list[tuple[str, str]]:  # noqa: ANN401 - YAML
    identity = entry.get("identity") if isinstance(entry, dict) else None
    if not isinstance(identity, str) or identity.count("/") != 1:
        raise AliasError("« identity: vendor/product » manque", source=source, place=place)
    names, packages = entry.get("names", []), entry.get("packages", [])
    if not isinstance(names, list) or not isinstance(packages, list):
        raise AliasError("« names » et « packages » sont des listes", source=source, place=place)
    keys = [_name_key(str(name)) for name in names] + [str(name).lower() for name in packages]
    return [(key, identity) for key in keys]


def _name_key(name: str) -> str:
    """``Vendor / Product`` keeps its slash: it is an alias for that vendor's product only."""
    return "/".join(normal_name(piece) for piece in name.split(" / "))
