"""Small documents that the tests of the readers share, and what any bytes must give."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from typing import Any

from hypothesis import strategies as st

from hygie.vocabulary.errors import InputError

JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 10**12) | st.floats(-1, 11) | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3)
    ),
    max_leaves=6,
)


def as_bytes(document: object) -> bytes:
    return json.dumps(document, ensure_ascii=False).encode("utf-8", "surrogatepass")


@st.composite
def spoiled(draw: st.DrawFn, document: dict[str, Any]) -> bytes:
    """A sound document with one value, anywhere, replaced by anything or taken away."""
    copy = json.loads(json.dumps(document))
    paths = list(_paths(copy))
    path = draw(st.sampled_from(paths))
    holder = copy
    for step in path[:-1]:
        holder = holder[step]
    if draw(st.booleans()) and isinstance(holder, dict):
        del holder[path[-1]]
    else:
        holder[path[-1]] = draw(JSON)
    return as_bytes(copy)


def _paths(value: object, path: tuple[Any, ...] = ()) -> Iterable[tuple[Any, ...]]:
    if path:
        yield path
    steps: Iterable[tuple[Any, object]] = ()
    if isinstance(value, dict):
        steps = value.items()
    elif isinstance(value, list):
        steps = enumerate(value)
    for key, inner in steps:
        yield from _paths(inner, (*path, key))


def reads_or_refuses(read: Callable[[bytes], object], document: bytes) -> None:
    """Hold a reader to its promise: records, or one InputError on one line."""
    said = ""
    try:
        read(document)
    except InputError as error:
        said = str(error)
    assert "\n" not in said
