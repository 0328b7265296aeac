"""The files around CSAF documents that make their publisher a "trusted provider".

``provider-metadata.json``, one ROLIE feed a TLP label, ``index.txt``, ``changes.csv``, and for
each document its SHA-256 and SHA-512; signatures are made by whoever holds the key.
Sources: CSAF 2.0 section 7.1 (requirements 1 to 20), RFC 8322 (ROLIE).
"""

from __future__ import annotations

import csv
import hashlib
import io
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from hygie.engines.exchange.bulletins.writing import encoded, file_stem, stamp
from hygie.vocabulary.tlp import Tlp

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Sequence

    from hygie.engines.exchange.bulletins.document import Bulletin, Publisher

LABELS: Final = {
    Tlp.CLEAR: "WHITE",
    Tlp.GREEN: "GREEN",
    Tlp.AMBER: "AMBER",
    Tlp.AMBER_STRICT: "AMBER",
    Tlp.RED: "RED",
}
_SCHEMAS: Final = "https://docs.oasis-open.org/csaf/csaf/v2.0"


@dataclass(frozen=True, slots=True)
class Key:
    """A public OpenPGP key: 40 hexadecimal digits, and where to fetch it."""

    fingerprint: str
    url: str


@dataclass(frozen=True, slots=True)
class Provider:
    """A place from which documents are published.

    Attributes:
        base_url: folder that holds ``provider-metadata.json``, without a final slash.
        updated_at: aware, when anything below last changed.
        labels: TLP labels that have a feed here.
    """

    publisher: Publisher
    base_url: str
    updated_at: dt.datetime
    labels: tuple[Tlp, ...]
    keys: tuple[Key, ...] = ()


def document_path(bulletin: Bulletin) -> str:
    """Return the place of a document below the folder of its label: ``2026/number.json``."""
    return f"{bulletin.published_at.year}/{file_stem(bulletin.number)}.json"


def label_folder(tlp: Tlp) -> str:
    """Return the folder of a label, one of ``white``, ``green``, ``amber``, ``red``."""
    return LABELS[tlp].lower()


def write_provider_metadata(provider: Provider) -> bytes:
    """Return ``provider-metadata.json``."""
    feeds = [
        {
            "summary": f"Bulletins TLP:{label}",
            "tlp_label": label,
            "url": f"{provider.base_url}/{label.lower()}/feed.json",
        }
        for label in dict.fromkeys(LABELS[tlp] for tlp in provider.labels)
    ]
    keys = [{"fingerprint": key.fingerprint, "url": key.url} for key in provider.keys]
    publisher = provider.publisher
    return encoded(
        {
            "canonical_url": f"{provider.base_url}/provider-metadata.json",
            "distributions": [{"rolie": {"feeds": feeds}}] if feeds else [],
            "last_updated": stamp(provider.updated_at),
            "list_on_CSAF_aggregators": True,
            "metadata_version": "2.0",
            "mirror_on_CSAF_aggregators": False,
            "public_openpgp_keys": keys,
            "publisher": {
                "category": "coordinator",
                "name": publisher.name,
                "namespace": publisher.namespace,
            },
            "role": "csaf_trusted_provider" if keys else "csaf_provider",
        }
    )


def write_rolie(provider: Provider, tlp: Tlp, bulletins: Sequence[Bulletin]) -> bytes:
    """Return the ROLIE feed of one label, latest change first, order given by the caller."""
    folder = f"{provider.base_url}/{label_folder(tlp)}"
    updated = max((one.updated_at for one in bulletins), default=provider.updated_at)
    return encoded(
        {
            "feed": {
                "id": f"hygie-csaf-{label_folder(tlp)}",
                "title": f"Bulletins CSAF TLP:{LABELS[tlp]}",
                "link": [{"rel": "self", "href": f"{folder}/feed.json"}],
                "category": [
                    {"scheme": "urn:ietf:params:rolie:category:information-type", "term": "csaf"}
                ],
                "updated": stamp(updated),
                "entry": [_entry(folder, one, signed=bool(provider.keys)) for one in bulletins],
            }
        }
    )


def _entry(folder: str, bulletin: Bulletin, *, signed: bool) -> dict[str, Any]:
    url = f"{folder}/{document_path(bulletin)}"
    links = [{"rel": "self", "href": url}]
    links += [{"rel": "hash", "href": f"{url}.{name}"} for name in ("sha256", "sha512")]
    links += [{"rel": "signature", "href": f"{url}.asc"}] if signed else []
    return {
        "id": bulletin.number,
        "title": bulletin.title,
        "link": links,
        "published": stamp(bulletin.published_at),
        "updated": stamp(bulletin.updated_at),
        "summary": {"content": bulletin.summary},
        "content": {"type": "application/json", "src": url},
        "format": {"schema": f"{_SCHEMAS}/csaf_json_schema.json", "version": "2.0"},
    }


def write_index(bulletins: Iterable[Bulletin]) -> bytes:
    """Return ``index.txt``: one path a line."""
    return "".join(f"{document_path(one)}\n" for one in bulletins).encode()


def write_changes(bulletins: Iterable[Bulletin]) -> bytes:
    """Return ``changes.csv``: path and time of the last change, latest first."""
    text = io.StringIO()
    writer = csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\n")
    for one in sorted(bulletins, key=lambda one: one.updated_at, reverse=True):
        writer.writerow([document_path(one), stamp(one.updated_at)])
    return text.getvalue().encode()


def write_hash(document: bytes, name: str, *, algorithm: str) -> bytes:
    """Return a ``sha256sum``-like line for a document; algorithm ``sha256`` or ``sha512``."""
    return f"{hashlib.new(algorithm, document).hexdigest()}  {name}\n".encode()


def write_security_txt(provider: Provider, *, expires_at: dt.datetime) -> bytes:
    """Return the lines that let a crawler find the provider; RFC 9116."""
    return (
        f"Contact: {provider.publisher.contact or provider.publisher.namespace}\n"
        f"Expires: {stamp(expires_at)}\n"
        f"Preferred-Languages: fr, en\n"
        f"CSAF: {provider.base_url}/provider-metadata.json\n"
    ).encode()
