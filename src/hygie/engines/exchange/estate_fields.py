"""Read single cells of an inventory; nothing is guessed, a doubt is an error in French."""

from __future__ import annotations

import ipaddress
import re
from typing import Final

from hygie.vocabulary.enums import Criticality
from hygie.vocabulary.errors import InputError

MAX_NAME_CHARS: Final = 200
MAX_QUANTITY: Final = 1_000_000

_LABEL: Final = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")
_MAX_DOMAIN_CHARS: Final = 253
_CRITICALITIES: Final = {
    "vital": Criticality.VITAL,
    "vitale": Criticality.VITAL,
    "critique": Criticality.VITAL,
    "critical": Criticality.VITAL,
    "important": Criticality.IMPORTANT,
    "importante": Criticality.IMPORTANT,
    "support": Criticality.SUPPORT,
    "soutien": Criticality.SUPPORT,
    "de soutien": Criticality.SUPPORT,
    "supporting": Criticality.SUPPORT,
}


class FieldError(InputError):
    """A cell does not hold what its column announces."""


def read_text(text: str) -> str:
    """Return a text on one line.

    Raises:
        FieldError: if it has more than MAX_NAME_CHARS characters.
    """
    plain = " ".join(text.split())
    if len(plain) > MAX_NAME_CHARS:
        raise FieldError(f"texte de plus de {MAX_NAME_CHARS} caractères")
    return plain


def read_domain(text: str) -> str:
    """Return a domain name in lower case, in its ASCII form (IDNA), without final dot.

    Raises:
        FieldError: for an address, a URL, a wildcard, a single label or a malformed name; the
            message says which.
    """
    name = text.strip().removesuffix(".").lower()
    shown = f"«\u00a0{text.strip()[:60]}\u00a0»"
    if "/" in name or ":" in name or "@" in name:
        raise FieldError(f"{shown} : donnez le nom seul, sans https://, chemin, port ni adresse")
    if "*" in name:
        raise FieldError(f"{shown} : pas de joker, le domaine vaut pour ses sous-domaines")
    if len(name) > _MAX_DOMAIN_CHARS:
        raise FieldError(f"{shown} a plus de {_MAX_DOMAIN_CHARS} caractères")
    try:
        ascii_name = name.encode("idna").decode("ascii")
    except UnicodeError as error:
        raise FieldError(f"{shown} n’est pas un nom de domaine") from error
    labels = ascii_name.split(".")
    if labels[-1].isdigit():
        raise FieldError(f"{shown} est une adresse, pas un nom de domaine")
    right = len(ascii_name) <= _MAX_DOMAIN_CHARS and all(map(_LABEL.fullmatch, labels))
    if not right or len(labels) == 1:
        raise FieldError(f"{shown} n’est pas un nom de domaine, exemple : ch-exemple.fr")
    return ascii_name


def read_network(text: str) -> str:
    """Return an address, or a network in CIDR form, IPv4 or IPv6, in canonical form.

    Raises:
        FieldError: if it is neither, or a network with host bits set.
    """
    shown = f"«\u00a0{text.strip()[:60]}\u00a0»"
    try:
        interface = ipaddress.ip_interface(text.strip())
    except ValueError as error:
        raise FieldError(
            f"{shown} n’est pas une adresse : 192.0.2.1 ou 192.0.2.0/24 attendu"
        ) from error
    if "%" in text:
        raise FieldError(f"{shown} porte une zone locale ; retirez-la")
    if interface.network.num_addresses == 1:
        return str(interface.ip)
    if interface.ip != interface.network.network_address:
        raise FieldError(f"{shown} n’est pas un réseau : {interface.ip} ou {interface.network} ?")
    return str(interface.network)


def read_criticality(text: str) -> Criticality | None:
    """Return the criticality for care, None when the cell is empty.

    Raises:
        FieldError: for a word that is not known.
    """
    word = " ".join(text.split()).casefold()
    if word and word not in _CRITICALITIES:
        raise FieldError(f"«\u00a0{word[:30]}\u00a0» inconnu : vital, important ou support attendu")
    return _CRITICALITIES.get(word)


def read_quantity(text: str) -> int:
    """Return a count, 1 when the cell is empty.

    Raises:
        FieldError: if it is not a whole number from 1 to MAX_QUANTITY.
    """
    plain = "".join(text.split())
    if not plain:
        return 1
    whole = plain.isascii() and plain.isdigit() and len(plain) < 8  # noqa: PLR2004 - MAX_QUANTITY has seven digits
    if not whole or not 1 <= int(plain) <= MAX_QUANTITY:
        raise FieldError(f"«\u00a0{plain[:30]}\u00a0» n’est pas un nombre de 1 à {MAX_QUANTITY}")
    return int(plain)
