"""Names for columns and tables; pyarrow ships no types."""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy.typing as npt

Column: TypeAlias = npt.NDArray[Any]
"""One NumPy column; its type is stated where it is documented."""

Table: TypeAlias = Any
"""A pyarrow.Table; its columns are those of a schema in ``tables`` or ``facts``."""
