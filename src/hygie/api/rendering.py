"""How values become the bytes that are sent: one way, so that tags agree."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from ninja.renderers import BaseRenderer
from ninja.responses import NinjaJSONEncoder

if TYPE_CHECKING:
    from django.http import HttpRequest
    from ninja import Schema


class JsonRenderer(BaseRenderer):
    """JSON in UTF-8, accents as they are."""

    media_type = "application/json"

    def render(self, request: HttpRequest, data: Any, *, response_status: int) -> bytes:  # noqa: ANN401, ARG002 - ninja's signature
        """Return the bytes of a value."""
        return _bytes(data)


def content_of(value: Schema) -> bytes:
    """Return the bytes that a GET of this value sends."""
    return _bytes(value.model_dump())


def _bytes(data: object) -> bytes:
    return json.dumps(data, cls=NinjaJSONEncoder, ensure_ascii=False).encode()
