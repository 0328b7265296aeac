"""CVE lines as the feeds write them, invented products only."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hygie.vocabulary.facts import Json


def cpe(product: str, version: str = "*", *, part: str = "a", rest: str = "*:*:*:*:*:*:*") -> str:
    return f"cpe:2.3:{part}:acme:{product}:{version}:{rest}"


def matches(criteria: str, **bounds: Json) -> dict[str, Json]:
    return {"criteria": criteria, **bounds}


def any_of(*criteria: dict[str, Json], **more: Json) -> dict[str, Json]:
    return {"operator": "OR", "cpeMatch": list(criteria), **more}


def all_of(*children: dict[str, Json], **more: Json) -> dict[str, Json]:
    return {"operator": "AND", "children": list(children), **more}


def line(cve_id: str = "CVE-2024-0001", **fields: Json) -> str:
    return json.dumps({"id": cve_id, "source": "nvd-1.1-2024", **fields})
