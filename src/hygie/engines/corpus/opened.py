"""A corpus file, open: what it knows of a CVE, and what it is made of."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pyarrow as pa

from hygie.engines.corpus.container import Container, CorpusFileError, open_container
from hygie.engines.corpus.facts import (
    CODEC,
    CVE_SCHEMA,
    TEXT_BLOCK,
    TEXT_SCHEMA,
    TEXT_SEPARATOR,
    cve_key,
)
from hygie.engines.corpus.rows import Rows
from hygie.engines.corpus.tables import (
    ALIAS_SCHEMA,
    ATTRIBUTES_SCHEMA,
    BOUND_SCHEMA,
    CLAUSE_SCHEMA,
    CONDITION_SCHEMA,
    CONTEXT_SCHEMA,
    KEY_SCHEMA,
    NAME_SCHEMA,
    PARTNER_SCHEMA,
    PRODUCT_SCHEMA,
    STATEMENT_SCHEMA,
)
from hygie.vocabulary.enums import Exploitation, TechnicalImpact
from hygie.vocabulary.facts import CveFacts

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable
    from pathlib import Path

SCHEMAS: Final = {
    "cve": CVE_SCHEMA,
    "text": TEXT_SCHEMA,
    "product": PRODUCT_SCHEMA,
    "key": KEY_SCHEMA,
    "bound": BOUND_SCHEMA,
    "statement": STATEMENT_SCHEMA,
    "context": CONTEXT_SCHEMA,
    "attributes": ATTRIBUTES_SCHEMA,
    "condition": CONDITION_SCHEMA,
    "clause": CLAUSE_SCHEMA,
    "partner": PARTNER_SCHEMA,
    "name": NAME_SCHEMA,
    "alias": ALIAS_SCHEMA,
    "package": ALIAS_SCHEMA,
}


class CorpusFile:
    """One open corpus; cheap to open, reads only what is asked."""

    def __init__(self, container: Container) -> None:
        self.path = container.path
        self.tables = container.tables
        self.description = container.description
        self.checksum = container.checksum
        self._keys = container.tables["cve"]["cve_key"].to_numpy()

    @classmethod
    def open(cls, path: Path) -> CorpusFile:
        """Open a corpus file without reading it.

        Raises:
            CorpusFileError: if it is absent, foreign, truncated or of another format.
        """
        container = open_container(path)
        for name, schema in SCHEMAS.items():
            if name not in container.tables or container.tables[name].schema != schema:
                raise CorpusFileError(
                    f"table « {name} » absente ou d’une autre forme ; reconstruisez le corpus",
                    source=path.name,
                )
        return cls(container)

    @cached_property
    def _rows(self) -> Rows:
        return Rows(self.tables["cve"])

    def cve_rows(self, cve_ids: Iterable[str]) -> dict[str, int]:
        """Return the row of each CVE that the corpus knows."""
        wanted = sorted({(cve_key(cve_id), cve_id) for cve_id in cve_ids})
        if not wanted or not len(self._keys):
            return {}
        keys = np.array([key for key, _ in wanted], np.int64)
        rows = np.minimum(np.searchsorted(self._keys, keys), len(self._keys) - 1)
        found = self._keys[rows] == keys
        return {
            cve_id: int(row)
            for (_, cve_id), row, known in zip(wanted, rows, found, strict=True)
            if known
        }

    def facts(self, cve_ids: Iterable[str]) -> dict[str, CveFacts]:
        """Return what is known of each CVE; an unknown CVE has no entry."""
        rows = self.cve_rows(cve_ids)
        order = sorted(rows.items(), key=lambda item: item[1])
        texts = self._descriptions([row for _, row in order])
        return {
            cve_id: _facts(self._rows.row(row), text)
            for (cve_id, row), text in zip(order, texts, strict=True)
        }

    def _descriptions(self, rows: list[int]) -> list[str]:
        found, opened, texts = [], -1, [""]
        table = self.tables["text"]
        for row in rows:
            block = row // TEXT_BLOCK
            if block != opened:
                size = table["bytes"][block].as_py()
                packed = table["block"][block].as_buffer()
                plain = pa.decompress(packed, decompressed_size=size, codec=CODEC, asbytes=True)
                texts, opened = plain.decode("utf-8").split(TEXT_SEPARATOR), block
            found.append(texts[row % TEXT_BLOCK])
        return found


def _facts(record: dict[str, Any], description: str) -> CveFacts:
    exploitation: str | None = record["exploitation"]
    impact: str | None = record["technical_impact"]
    kev_added_on: dt.date | None = record["kev_added_on"]
    return CveFacts(
        cve_id=record["cve_id"],
        description=description,
        cvss_score=_rounded(record["cvss_score"], 1),
        cvss_vector=record["cvss_vector"] or "",
        epss_probability=_rounded(record["epss_probability"], 5),
        kev_added_on=kev_added_on,
        ransomware=record["ransomware"],
        exploitation=Exploitation(exploitation) if exploitation else Exploitation.NONE,
        technical_impact=TechnicalImpact(impact) if impact else None,
        published_on=record["published_on"],
        sources=tuple(filter(None, record["sources"].split("+"))),
    )


def _rounded(value: float | None, digits: int) -> float | None:
    """Undo the noise of 32-bit floats: 9.8 was stored, 9.800000190734863 is read."""
    return None if value is None else round(value, digits)
