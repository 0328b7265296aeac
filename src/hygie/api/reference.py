"""Write the reference page of the API from its OpenAPI document."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from hygie.api.client_types import type_of
from hygie.api.idempotency import KEPT, PATTERN
from hygie.api.problems import KINDS, MEDIA_TYPE

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

_SHARED_HEADERS: Final = ("If-None-Match", "If-Match", "Idempotency-Key")


def render_reference(document: Mapping[str, Any], *, calls_per_minute: int, max_bytes: int) -> str:
    """Return the page, in Markdown.

    Args:
        document: the OpenAPI document.
        calls_per_minute: the limit that the service ships with.
        max_bytes: bound on a document sent.
    """
    lines = [
        *_introduction(calls_per_minute, max_bytes),
        *_problems(),
        *_operations(document),
        *_shapes(document),
    ]
    return "\n".join(lines) + "\n"


def _introduction(calls_per_minute: int, max_bytes: int) -> Iterator[str]:
    hours = int(KEPT.total_seconds() // 3600)
    yield f"""# The API

Written by `python -m hygie.api.publish` from the OpenAPI 3.1 document that the service gives at
`/api/v1/openapi.json`; a test compares. The typed Python client is in `clients/python`.

## How to call

- **Who calls.** A service sends a token, `Authorization: Bearer hyg_…`; it opens what its account
  holds, narrowed to the token's permissions, its place and below. Somebody signed in on the site
  may call with the session cookie; a write then needs the `X-CSRFToken` header besides.
- **Rights.** What you may not see does not exist: unknown and forbidden are the same 404. A list
  whose permission you hold nowhere is a 404 too.
- **Pages.** A list gives at most `limit` items (50, 200 at most) and `next`, a cursor; send it back
  as `cursor` with the same other parameters. A page is found by key: rows that come meanwhile
  neither repeat nor hide others. A cursor of another question is a 422.
- **ETag.** Every 200 has an `ETag`. `If-None-Match` on a GET answers 304 without a body.
  `If-Match` on a move of a finding answers 412 if the finding changed since you read it.
- **Writes.** Every POST needs an `Idempotency-Key` (`{PATTERN}`), new for each
  demand. Sent again within {hours} hours, the write is not done again: its answer comes back with
  `Idempotency-Replayed: true`. The same key for another request is a 422; a call that waits more
  than five seconds for the first one is a 409. A refusal is not kept: send it again once corrected.
- **Limits.** {calls_per_minute} calls a minute for each token or account; `RateLimit-Limit`,
  `RateLimit-Remaining` and `RateLimit-Reset` tell where you stand; past it, 429 with `Retry-After`.
  A document holds {max_bytes // (1024 * 1024)} MiB at most, any other body 64 KiB.
- **Words.** Times are UTC, ISO 8601. Sentences (titles of findings, reasons, problems) are French;
  a session that chose English reads English.
"""


def _problems() -> Iterator[str]:
    yield "## Problems"
    yield ""
    yield f"Every error is `{MEDIA_TYPE}` (RFC 9457). Compare `type`; it does not change."
    yield ""
    yield from _table(
        ("status", "type", "title"),
        [(str(kind.status), f"`{kind.type}`", str(kind.title)) for kind in KINDS],
    )


def _operations(document: Mapping[str, Any]) -> Iterator[str]:
    tag = ""
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            if operation["tags"][0] != tag:
                tag = operation["tags"][0]
                yield from (f"## {tag.capitalize()}", "")
            yield from _operation(method, path, operation)


def _operation(method: str, path: str, operation: Mapping[str, Any]) -> Iterator[str]:
    yield from (f"### `{method.upper()} {path}`", "", operation["description"], "")
    own = [found for found in operation["parameters"] if found["name"] not in _SHARED_HEADERS]
    if own:
        yield from _table(("parameter", "in", "type", "meaning"), list(map(_parameter, own)))
    for media_type, body in operation.get("requestBody", {}).get("content", {}).items():
        yield f"- body: `{media_type}`{_shape_of(body['schema'])}"
    for status, answer in operation["responses"].items():
        for body in answer.get("content", {}).values():
            if int(status) < 400:  # noqa: PLR2004 - HTTP: below are answers, from there problems
                yield f"- {status}:{_shape_of(body['schema'])}"
    refusals = [status for status in operation["responses"] if int(status) >= 300]  # noqa: PLR2004 - HTTP
    yield from (f"- else: {', '.join(refusals)}", "")


def _parameter(found: Mapping[str, Any]) -> tuple[str, str, str, str]:
    schema = found["schema"]
    words = found.get("description") or schema.get("description", "")
    default = schema.get("default")
    if default is not None:
        words = f"{words} Default: `{str(default).lower()}`."
    name = f"**{found['name']}**" if found["required"] else found["name"]
    return name, found["in"], _cell(schema), words


def _cell(schema: Mapping[str, Any]) -> str:
    values = schema.get("enum")
    if values:
        return ", ".join(f"`{value}`" for value in values)
    return f"`{type_of(schema)}`"


def _shape_of(schema: Mapping[str, Any]) -> str:
    name = str(schema.get("$ref", "")).rsplit("/", 1)[-1]
    return f" [`{name}`](#{name.lower()})" if name else ""


def _shapes(document: Mapping[str, Any]) -> Iterator[str]:
    yield from ("## Shapes", "")
    for name, schema in document["components"]["schemas"].items():
        yield from (f"### {name}", "")
        if words := schema.get("description"):
            yield from (words, "")
        if "properties" not in schema:
            yield from (", ".join(f"`{value}`" for value in schema.get("enum", ())), "")
            continue
        rows = [
            (field, f"`{type_of(found)}`".replace("|", "\\|"), found.get("description", ""))
            for field, found in schema["properties"].items()
        ]
        yield from _table(("field", "type", "meaning"), rows)


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    yield f"| {' | '.join(head)} |"
    yield f"|{'---|' * len(head)}"
    yield from (f"| {' | '.join(row)} |" for row in rows)
    yield ""
