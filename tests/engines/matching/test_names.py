from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from hygie.engines.matching.names import NameIndex
from hygie.vocabulary.identity import identity_hash


@given(st.lists(st.text(max_size=6), max_size=30), st.text(max_size=6))
def test_a_name_is_found_wherever_it_stands_and_nowhere_else(names: list[str], other: str) -> None:
    hashes = sorted(identity_hash(name) for name in names)
    index = NameIndex(np.array(hashes, np.uint64))

    for name in [*names, other]:
        rows = list(index.rows(name))
        assert [hashes[row] for row in rows] == [identity_hash(name)] * names.count(name)
