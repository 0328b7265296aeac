"""How a journal line is hashed: one text, the same on every database."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Line:
    """What a line says; ``at`` is aware, ``detail`` is canonical JSON text."""

    sequence: int
    at: dt.datetime
    actor: str
    on_behalf_of: str
    action: str
    subject_type: str
    subject_id: str
    node_id: int | None
    detail: str
    previous_hash: str


def canonical(detail: Mapping[str, object]) -> str:
    """Return JSON with sorted keys and no spaces; dates become ISO text."""
    return json.dumps(
        detail, sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=str
    )


def line_hash(line: Line) -> str:
    """Return the SHA-256, in hexadecimal, of every column of the line."""
    fields = [
        line.sequence,
        line.at.astimezone(dt.UTC).isoformat(timespec="microseconds"),
        line.actor,
        line.on_behalf_of,
        line.action,
        line.subject_type,
        line.subject_id,
        line.node_id,
        line.detail,
        line.previous_hash,
    ]
    text = json.dumps(fields, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
