"""The columns of a corpus that matching reads, in place, as NumPy arrays and lazy texts.

The tables are those that ``engines.corpus.tables`` documents; they are handed in by name, so
that neither engine knows the other.
"""

from __future__ import annotations

from bisect import bisect_left
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from collections.abc import Mapping

Column: TypeAlias = npt.NDArray[Any]
"""One NumPy column; its type is stated where it is documented."""


class Texts:
    """A string or binary column read in place, one value at a time."""

    def __init__(self, column: Any) -> None:  # noqa: ANN401 - pyarrow is untyped
        self._length = len(column)
        if self._length:
            array = column.chunk(0)
            _, offsets, data = array.buffers()
            first = array.offset
            self._offsets = np.frombuffer(offsets, np.int32)[first : first + self._length + 1]
            self._data = memoryview(data) if data is not None else memoryview(b"")

    def __len__(self) -> int:
        return self._length

    def raw(self, row: int) -> bytes:
        """Return the bytes of one row."""
        return bytes(self._data[self._offsets[row] : self._offsets[row + 1]])

    def text(self, row: int) -> str:
        """Return the text of one row."""
        return self.raw(row).decode("utf-8")

    def all_raw(self) -> list[bytes]:
        """Return the bytes of every row."""
        whole, ends = bytes(self._data), self._offsets.tolist() if self._length else [0]
        return [whole[start:end] for start, end in pairwise(ends)]


def stable_order(values: Column) -> Column:
    """Return what sorts non-negative int32 values, equal ones in place: two radix passes.

    NumPy sorts 16 bits by radix, which is several times quicker than merging 32.
    """
    low = np.argsort(values.astype(np.uint16), kind="stable")
    high = (values >> 16).astype(np.uint16)[low]
    order: Column = low[np.argsort(high, kind="stable")]
    return order


class CorpusColumns:
    """Named columns of one corpus.

    Attributes:
        product_hash: uint64, sorted.
        identity, scheme: texts of ``product``.
        bound_start, bound_end: int32, rows of ``bound_rank`` of each product.
        statement_start, statement_end: int32, rows of the statement columns of each product.
        axis_start: int32, first position of each product; ``axis_end`` the one past its last,
            whose predecessor stands for "no version".
        key: distinct version keys, sorted; bound_rank: int32, rows of ``key``, ascending inside a
            product; bound_text: texts; ``ceiling`` uint8.
        cve, low, high, context: int32, one row a statement.
        condition, attributes: int32, one row a context; source, part, note its texts.
        name_hash, name_product: product names, sorted by hash.
        cve_id: texts, by row of ``cve``.
    """

    def __init__(self, tables: Mapping[str, Any]) -> None:
        self._tables = tables
        self.product_hash = self._array("product", "hash")
        self.identity = Texts(tables["product"]["identity"])
        self.scheme = Texts(tables["product"]["scheme"])
        self.bound_start = self._array("product", "bound_start")
        self.bound_end = self._array("product", "bound_end")
        self.statement_start = self._array("product", "statement_start")
        self.statement_end = self._array("product", "statement_end")
        self.axis_start = self._array("product", "axis_start")
        self.axis_end = self.axis_start + 2 * (self.bound_end - self.bound_start) + 2
        self.key = Texts(tables["key"]["key"])
        self.bound_rank = self._array("bound", "key")
        self.bound_text = Texts(tables["bound"]["text"])
        self.ceiling = self._array("bound", "ceiling")
        self.cve = self._array("statement", "cve")
        self.low = self._array("statement", "low")
        self.high = self._array("statement", "high")
        self.context = self._array("statement", "context")
        self.condition = self._array("context", "condition")
        self.attributes = self._array("context", "attributes")
        self.source = Texts(tables["context"]["source"])
        self.part = Texts(tables["context"]["part"])
        self.note = Texts(tables["context"]["note"])
        self.name_hash = self._array("name", "hash")
        self.name_product = self._array("name", "product")
        self._alias_names = Texts(tables["alias"]["name"])
        self._alias_identities = Texts(tables["alias"]["identity"])
        self.cve_id = Texts(tables["cve"]["cve_id"])
        self.partner_product = self._array("partner", "product")
        self.partner_attributes = self._array("partner", "attributes")
        self.partner_low = self._array("partner", "low")
        self.partner_high = self._array("partner", "high")
        self.partner_start = self._array("clause", "partner_start")
        self.partner_end = self._array("clause", "partner_end")

    @cached_property
    def undecided(self) -> Column:
        """Bool, one a context: the statement cannot be decided, its note says why."""
        return self._lengths("context", "note") > 0

    @cached_property
    def safe(self) -> Column:
        """Bool, one a context: the statement does not say "affected", or was overruled.

        Told by the length of its status, which no other has: thirty thousand texts stay unread.
        """
        found: Column = self._lengths("context", "status") != len("affected")
        return found

    @cached_property
    def status(self) -> Texts:
        """Texts, one a context: affected, not_affected, fixed or overruled."""
        return Texts(self._tables["context"]["status"])

    @cached_property
    def documents(self) -> tuple[Texts, Texts, Texts]:
        """Texts, one a context: the document, its date, and why not affected."""
        table = self._tables["context"]
        return Texts(table["document"]), Texts(table["dated"]), Texts(table["reason"])

    @cached_property
    def part_code(self) -> Column:
        """Uint8, one a context: the character of the CPE part."""
        column = self._tables["context"]["part"]
        data = column.chunk(0).buffers()[2] if len(column) else b""
        # A part is one ASCII character: the data buffer is the column.
        return np.frombuffer(data or b"", np.uint8)[: len(column)]

    @cached_property
    def clause_negated(self) -> Column:
        """Bool, one a clause."""
        column = self._tables["clause"]["negated"]
        return np.asarray(column.to_pylist(), bool)

    @cached_property
    def product_of(self) -> Column:
        """Int32, one a statement: its product."""
        counts = self.statement_end - self.statement_start
        return np.repeat(np.arange(len(counts), dtype=np.int32), counts)

    @cached_property
    def by_cve(self) -> tuple[Column, Column]:
        """Rows of ``statement`` by CVE: int64 offsets, one a CVE and one past, and int64 rows."""
        order = stable_order(self.cve)
        edges = np.searchsorted(self.cve[order], np.arange(len(self.cve_id) + 1))
        return edges, order

    @cached_property
    def attribute_texts(self) -> Texts:
        """CPE attributes after the update, joined by colons."""
        return Texts(self._tables["attributes"]["text"])

    def aliases(self, name: str) -> list[str]:
        """Return the identities that a normal name stands for; there are tens of thousands."""
        names, wanted = self._alias_names, name.encode()
        at = bisect_left(range(len(names)), wanted, key=names.raw)
        found = []
        while at < len(names) and names.raw(at) == wanted:
            found.append(self._alias_identities.text(at))
            at += 1
        return found

    @cached_property
    def packages(self) -> dict[str, list[str]]:
        """Identities by ``type:name`` of a package; there are some dozens."""
        table = self._tables["package"]
        found: dict[str, list[str]] = {}
        for name, identity in zip(
            table["name"].to_pylist(), table["identity"].to_pylist(), strict=True
        ):
            found.setdefault(name, []).append(identity)
        return found

    def clauses(self, condition: int) -> list[int]:
        """Return the clause numbers of a condition."""
        return list(self._tables["condition"]["clauses"][condition].as_py())

    def _array(self, table: str, column: str) -> Column:
        chunks = self._tables[table][column]
        array: Column = chunks.chunk(0).to_numpy() if chunks.num_chunks else chunks.to_numpy()
        return array

    def _lengths(self, table: str, column: str) -> Column:
        chunks = self._tables[table][column]
        if not len(chunks):
            return np.zeros(0, np.int32)
        offsets = np.frombuffer(chunks.chunk(0).buffers()[1], np.int32)[: len(chunks) + 1]
        return np.diff(offsets)
