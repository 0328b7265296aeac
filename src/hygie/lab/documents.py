"""Read the YAML documents that ship with the lab."""

from __future__ import annotations

from importlib.resources import files
from typing import Any

import yaml


def read_document(name: str) -> dict[str, Any]:
    """Return one document of this package, such as ``territory.yaml``.

    The documents are ours and checked by tests: a mistake in one is a bug, not an input error.
    """
    text = files("hygie.lab").joinpath(name).read_text(encoding="utf-8")
    document: dict[str, Any] = _LOADER(text).get_single_data()
    return document


# libyaml reads five times faster, where PyYAML was built with it.
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
