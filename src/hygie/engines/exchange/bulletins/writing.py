"""What every writer of bulletins does the same way."""

from __future__ import annotations

import datetime as dt
import json
import re
import uuid
from typing import Any


def stamp(at: dt.datetime) -> str:
    """Return an aware moment as RFC 3339 in UTC, to the millisecond, with ``Z``."""
    text = at.astimezone(dt.UTC).isoformat(timespec="milliseconds")
    return text.replace("+00:00", "Z")


def encoded(document: Any) -> bytes:  # noqa: ANN401 - any JSON value
    """Return readable JSON, UTF-8, the same bytes for the same value."""
    return (json.dumps(document, ensure_ascii=False, indent=2) + "\n").encode()


def name_uuid(namespace: str, *parts: str) -> str:
    """Return the identifier that these words have for ever below a publisher's namespace."""
    return str(uuid.uuid5(uuid.uuid5(uuid.NAMESPACE_URL, namespace), "\x1f".join(parts)))


def file_stem(number: str) -> str:
    """Return the file name, without its end, of a document of that number.

    Source: CSAF 2.0 section 5.1.
    """
    return re.sub(r"[^+\-a-z0-9]+", "_", number.lower())
