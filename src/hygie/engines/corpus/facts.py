"""What the corpus knows of each CVE, whatever it touches: collected, then two tables.

``cve``: one row a CVE, sorted by ``cve_key``. ``text``: descriptions, compressed by blocks.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import pyarrow as pa

from hygie.engines.corpus.records import CorpusFormatError, CveRecord, description_of
from hygie.vocabulary.enums import Exploitation, TechnicalImpact

if TYPE_CHECKING:
    import datetime as dt

    from hygie.engines.corpus.columns import Table
    from hygie.engines.corpus.kev import KevEntry

TEXT_BLOCK: Final = 64
TEXT_SEPARATOR: Final = "\x00"
CODEC: Final = "zstd"
PREFERRED_TEXTS: Final = "starter"

_YEAR_ZERO: Final = 1900
_NUMBERS_A_YEAR: Final = 10**15

CVE_SCHEMA: Final = pa.schema(
    [
        pa.field("cve_key", pa.int64(), nullable=False),  # see cve_key()
        pa.field("cve_id", pa.string(), nullable=False),
        pa.field("cvss_score", pa.float32()),
        pa.field("cvss_vector", pa.dictionary(pa.int32(), pa.string())),
        pa.field("epss_probability", pa.float32()),
        pa.field("kev_added_on", pa.date32()),
        pa.field("ransomware", pa.bool_()),
        pa.field("exploitation", pa.dictionary(pa.int32(), pa.string())),
        pa.field("technical_impact", pa.dictionary(pa.int32(), pa.string())),
        pa.field("published_on", pa.date32()),
        pa.field("sources", pa.dictionary(pa.int32(), pa.string())),  # sorted, joined by +
        pa.field("rejected", pa.bool_(), nullable=False),
    ]
)
TEXT_SCHEMA: Final = pa.schema(
    [
        pa.field("block", pa.binary(), nullable=False),  # TEXT_BLOCK descriptions, zstd
        pa.field("bytes", pa.int32(), nullable=False),  # once decompressed
    ]
)


def cve_key(cve_id: str) -> int:
    """Return an integer that sorts CVE identifiers by year, then number.

    Raises:
        CorpusFormatError: if the number has more than fifteen digits.
    """
    _, year, number = cve_id.split("-")
    if len(number) > len(str(_NUMBERS_A_YEAR)) - 1:
        raise CorpusFormatError(f"numéro CVE trop long : « {cve_id[:40]} »", place="id")
    return (int(year) - _YEAR_ZERO) * _NUMBERS_A_YEAR + int(number)


@dataclass(slots=True)
class _Row:
    cve_id: str
    description: str = ""
    cvss_score: float | None = None
    cvss_vector: str = ""
    epss_probability: float | None = None
    kev_added_on: dt.date | None = None
    ransomware: bool | None = None
    exploitation: Exploitation | None = None
    technical_impact: TechnicalImpact | None = None
    published_on: dt.date | None = None
    sources: set[str] = field(default_factory=set)
    rejected: bool = False


class FactsBuilder:
    """Rows in order of arrival; ``tables`` sorts them."""

    def __init__(self) -> None:
        self._rows: list[_Row] = []
        self._number: dict[str, int] = {}

    def __len__(self) -> int:
        return len(self._rows)

    def add(self, record: CveRecord) -> int:
        """Merge a record and return its row number; facts already there stay."""
        number = self._row(record.cve_id)
        row = self._rows[number]
        # Our own texts are written for French readers: they speak first.
        first = record.source == PREFERRED_TEXTS or not row.description
        row.description = (record.description if first else "") or row.description
        if row.cvss_score is None:
            row.cvss_score, row.cvss_vector = record.cvss_score, record.cvss_vector
        row.exploitation = row.exploitation or record.exploitation
        row.technical_impact = row.technical_impact or record.technical_impact
        if row.epss_probability is None:
            row.epss_probability = record.epss_probability
        row.kev_added_on = row.kev_added_on or record.kev_added_on
        row.published_on = row.published_on or record.published_on
        row.rejected = row.rejected or record.rejected
        row.sources.update(filter(None, record.source.split("+")))
        return number

    def add_kev(self, entry: KevEntry) -> int:
        """Merge a KEV entry and return its row number."""
        number = self._row(entry.cve_id)
        row = self._rows[number]
        row.description = row.description or description_of(entry.description)
        row.kev_added_on, row.ransomware = entry.added_on, entry.ransomware
        row.sources.add("kev")
        return number

    def add_epss(self, cve_id: str, probability: float) -> bool:
        """Set the probability of a known CVE; False for an unknown one."""
        number = self._number.get(cve_id)
        if number is None:
            return False
        self._rows[number].epss_probability = probability
        return True

    def order(self) -> list[int]:
        """Return row numbers sorted by CVE."""
        keys = [cve_key(row.cve_id) for row in self._rows]
        return sorted(range(len(keys)), key=keys.__getitem__)

    def tables(self, order: list[int]) -> tuple[Table, Table]:
        """Return the tables ``cve`` and ``text``, rows in the given order."""
        rows = [self._rows[number] for number in order]
        columns = [
            pa.array([cve_key(row.cve_id) for row in rows], pa.int64()),
            *(
                _column([_value(row, name) for row in rows], CVE_SCHEMA.field(name).type)
                for name in CVE_SCHEMA.names[1:]
            ),
        ]
        return pa.table(columns, schema=CVE_SCHEMA), _text_table(rows)

    def _row(self, cve_id: str) -> int:
        number = self._number.get(cve_id)
        if number is None:
            cve_key(cve_id)
            number = self._number[cve_id] = len(self._rows)
            self._rows.append(_Row(cve_id))
        return number


def _value(row: _Row, name: str) -> object:
    if name == "sources":
        return "+".join(sorted(row.sources))
    if name == "exploitation" and row.kev_added_on is not None:
        return Exploitation.ACTIVE
    return getattr(row, name)


def _column(values: list[object], kind: Any) -> Any:  # noqa: ANN401 - pyarrow is untyped
    if pa.types.is_dictionary(kind):
        return pa.array(values, pa.string()).dictionary_encode()
    return pa.array(values, kind)


def _text_table(rows: list[_Row]) -> Table:
    blocks, sizes = [], []
    for at in range(0, len(rows), TEXT_BLOCK):
        texts = (row.description.replace(TEXT_SEPARATOR, " ") for row in rows[at : at + TEXT_BLOCK])
        block = TEXT_SEPARATOR.join(texts).encode("utf-8", "replace")
        blocks.append(pa.compress(block, codec=CODEC, asbytes=True))
        sizes.append(len(block))
    return pa.table(
        [pa.array(blocks, pa.binary()), pa.array(sizes, pa.int32())], schema=TEXT_SCHEMA
    )
