"""`python -m hygie.api.publish`: write what is derived from the API and kept in the repository."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

ROOT: Final = Path(__file__).resolve().parents[3]


def published() -> Mapping[Path, str]:
    """Return each derived file, by its path in the repository, with its text."""
    from django.conf import settings  # noqa: PLC0415 - Django must be set up first

    from hygie.api.client_types import render_client_types  # noqa: PLC0415 - as above
    from hygie.api.reference import render_reference  # noqa: PLC0415 - as above
    from hygie.api.service import api  # noqa: PLC0415 - as above

    document = api.get_openapi_schema(path_prefix="/api/v1/")
    page = render_reference(
        document,
        calls_per_minute=settings.API_CALLS_PER_MINUTE,
        max_bytes=settings.API_MAX_DOCUMENT_BYTES,
    )
    return {
        Path("docs/api.md"): page,
        Path("clients/python/src/hygie_client/models.py"): render_client_types(document),
    }


def main() -> None:
    """Write the files."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hygie.config.settings")
    import django  # noqa: PLC0415 - after its settings are named

    django.setup()
    for path, text in published().items():
        (ROOT / path).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
