"""The OpenAPI document: what ninja derives, completed with what every operation shares."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from ninja import NinjaAPI

from hygie.api.idempotency import HEADER, PATTERN
from hygie.api.problems import KINDS, MEDIA_TYPE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ninja.operation import Operation

SHARED: Final = (400, 401, 404, 422, 429, 500)
"""What any operation may answer besides what it is for."""

WRITING: Final = (403, 409, 413, 415)
"""What a write may answer besides."""

_ETAG: Final = {"description": "Hash of the body.", "schema": {"type": "string"}}
_COUNT: Final = {"schema": {"type": "string", "pattern": "^[0-9]+$"}}
_ALLOWANCE: Final = {
    f"RateLimit-{name}": {"description": words, **_COUNT}
    for name, words in (
        ("Limit", "Calls a minute."),
        ("Remaining", "Calls left this minute."),
        ("Reset", "Seconds until the next minute."),
    )
}
_MEANINGS: Final = {
    304: "Not modified since If-None-Match",
    400: "Malformed request",
    401: "Not identified",
    403: "CSRF token missing (session only)",
    404: "Not found, or not for you",
    409: "In a state that refuses it, or the same key in use",
    412: "Changed since If-Match",
    413: "Body too large",
    415: "Media type not read",
    422: "Parameter or content refused",
    429: "Too many calls this minute",
    500: "Our fault",
}
PROBLEM: Final = {
    "title": "Problem",
    "description": "An error (RFC 9457); compare `type`, show `title` and `detail`.",
    "type": "object",
    "required": ["type", "title", "status"],
    "properties": {
        "type": {"type": "string", "enum": [kind.type for kind in KINDS]},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["place", "code", "message"],
                "properties": {
                    "place": {"type": "string"},
                    "code": {"type": "string"},
                    "message": {"type": "string"},
                },
            },
        },
    },
}


class ContractApi(NinjaAPI):
    """A ninja API whose document tells all that its operations answer."""

    def get_openapi_schema(self, **kwargs: Any) -> Any:  # noqa: ANN401 - ninja's type is a dict subclass
        """Return the document; ninja's is made anew each time, and completed here."""
        document = super().get_openapi_schema(**kwargs)
        document["components"]["schemas"]["Problem"] = PROBLEM
        for method, operation in operations_of(document):
            _complete(method, operation)
        schemas = document["components"]["schemas"]
        used = _used(schemas, _references(document["paths"]))
        document["components"]["schemas"] = {name: schemas[name] for name in sorted(used)}
        return document

    def get_openapi_operation_id(self, operation: Operation) -> str:
        """Return the name of the function, which is what clients call it."""
        return operation.view_func.__name__


def operations_of(document: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the method, lower case, and the description of each operation."""
    for path in document["paths"].values():
        yield from path.items()


def _used(schemas: dict[str, Any], names: set[str]) -> set[str]:
    """Return the shapes that something names, directly or through another shape."""
    found: set[str] = set()
    while names:
        found |= names
        names = set().union(*(_references(schemas[name]) for name in names)) - found
    return found


def _references(value: object) -> set[str]:
    if isinstance(value, dict):
        inside = set().union(*map(_references, value.values()))
        target = value.get("$ref")
        return inside | {target.rsplit("/", 1)[-1]} if isinstance(target, str) else inside
    if isinstance(value, list):
        return set().union(*map(_references, value))
    return set()


def _complete(method: str, operation: dict[str, Any]) -> None:
    operation["summary"] = operation["operationId"].replace("_", " ").capitalize()
    operation["parameters"] = [_without_null(found) for found in operation["parameters"]]
    answers = operation["responses"]
    wanted = [*SHARED, *(WRITING if method == "post" else ())]
    if operation.pop("x-conditional", False):
        wanted.append(412)
        operation["parameters"].append(_header("If-Match", "Act only if the ETag is this one."))
    if method == "get":
        wanted.append(304)
        operation["parameters"].append(_header("If-None-Match", "ETags already known."))
    else:
        key = _header(HEADER, "New for each demand; the same when it is sent again.")
        key["required"], key["schema"] = True, {"type": "string", "pattern": PATTERN}
        operation["parameters"].append(key)
    for status, found in answers.items():
        found["description"] = "Done" if method == "post" else "Found"
        found["headers"] = _ALLOWANCE | ({"ETag": _ETAG} if int(status) == 200 else {})  # noqa: PLR2004 - HTTP
    answers.update({status: _answer(status) for status in sorted(wanted)})
    operation["responses"] = {str(status): answers[status] for status in sorted(answers, key=int)}


def _answer(status: int) -> dict[str, Any]:
    described: dict[str, Any] = {"description": _MEANINGS[status]}
    if status != 304:  # noqa: PLR2004 - HTTP
        described["content"] = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return described


def _header(name: str, description: str) -> dict[str, Any]:
    return {
        "in": "header",
        "name": name,
        "required": False,
        "description": description,
        "schema": {"type": "string"},
    }


def _without_null(parameter: dict[str, Any]) -> dict[str, Any]:
    """Say of an optional parameter what it is when it is there: a query has no null."""
    schema = parameter["schema"]
    choices = [found for found in schema.get("anyOf", ()) if found.get("type") != "null"]
    if len(choices) == 1:
        rest = {key: value for key, value in schema.items() if key not in ("anyOf", "default")}
        parameter["schema"] = {**choices[0], **rest}
    return parameter
