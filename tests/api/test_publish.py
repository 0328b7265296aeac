"""What is derived from the API and kept in the repository is up to date."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from hygie.api.client_types import render_client_types, type_of
from hygie.api.publish import ROOT, main, published
from hygie.api.reference import render_reference
from hygie.api.service import api

if TYPE_CHECKING:
    from pytest_django.fixtures import SettingsWrapper

SHIPPED = {"API_CALLS_PER_MINUTE": 600, "API_MAX_DOCUMENT_BYTES": 16 * 1024 * 1024}


@pytest.fixture(autouse=True)
def _as_shipped(_settings: None, settings: SettingsWrapper) -> None:
    for name, value in SHIPPED.items():
        setattr(settings, name, value)


@pytest.mark.parametrize("path", ["docs/api.md", "clients/python/src/hygie_client/models.py"])
def test_the_committed_file_is_the_one_the_document_gives(path: str) -> None:
    """When it fails: ``python -m hygie.api.publish``."""
    assert (ROOT / path).read_text(encoding="utf-8") == published()[Path(path)]


def test_publishing_writes_the_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for path in published():
        (tmp_path / path).parent.mkdir(parents=True)
    monkeypatch.setattr("hygie.api.publish.ROOT", tmp_path)

    main()

    assert (tmp_path / "docs/api.md").read_text().startswith("# The API")


def test_the_page_names_every_operation() -> None:
    document = api.get_openapi_schema(path_prefix="/api/v1/")

    page = render_reference(document, calls_per_minute=7, max_bytes=1 << 20)

    missing = [
        f"{method.upper()} {path}"
        for path, methods in document["paths"].items()
        for method in methods
        if f"### `{method.upper()} {path}`" not in page
    ]
    assert missing == []
    assert "7 calls a minute" in page


@pytest.mark.parametrize(
    ("schema", "written"),
    [
        ({"$ref": "#/components/schemas/NodeRef"}, "NodeRef"),
        ({"anyOf": [{"type": "integer"}, {"type": "null"}]}, "int | None"),
        ({"enum": ["a", "b"]}, 'Literal["a", "b"]'),
        ({"type": "array", "items": {"type": "string"}}, "list[str]"),
        ({"type": "object", "additionalProperties": {"type": "number"}}, "dict[str, float]"),
        ({"type": "object"}, "dict[str, Any]"),
        ({}, "Any"),
    ],
)
def test_a_shape_becomes_a_python_type(schema: dict[str, object], written: str) -> None:
    assert type_of(schema) == written


def test_a_module_of_types_is_python() -> None:
    source = render_client_types(api.get_openapi_schema(path_prefix="/api/v1/"))
    names: dict[str, object] = {}

    exec(compile(source, "models.py", "exec"), names)  # noqa: S102 - what we have just written

    assert "FindingDetail" in names
    assert "Problem" not in names
