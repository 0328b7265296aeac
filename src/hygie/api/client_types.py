"""Write the types of the Python client from the OpenAPI document.

The client carries the result as a plain module, ``hygie_client/models.py``; a test compares.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_HEAD: Final = '''"""Shapes of the answers of the Hygie API, written from its OpenAPI document.

Do not edit: ``python -m hygie.api.publish`` in the service's repository writes this file.
Times are ISO 8601 text in UTC, days are ``YYYY-MM-DD``.
"""

from __future__ import annotations

from typing import Any, Literal, TypedDict
'''
_PLAIN: Final = {"string": "str", "integer": "int", "number": "float", "boolean": "bool"}


def render_client_types(document: Mapping[str, Any]) -> str:
    """Return a module with one ``TypedDict`` or ``Literal`` for each shape of an answer.

    Problems apart: the client raises them.
    """
    schemas = {k: v for k, v in document["components"]["schemas"].items() if k != "Problem"}
    return "\n".join([_HEAD, *(line for item in schemas.items() for line in _shape(*item))])


def _shape(name: str, schema: Mapping[str, Any]) -> Iterator[str]:
    if "enum" in schema and "properties" not in schema:
        yield from ("", f"{name} = Literal[")
        yield from (f'    "{value}",' for value in schema["enum"])
        yield "]"
        yield ""
        return
    yield from ("", f"class {name}(TypedDict):", f'    """{_first_line(schema)}"""', "")
    for field, described in schema["properties"].items():
        yield f"    {field}: {type_of(described)}"
    yield ""


def type_of(schema: Mapping[str, Any]) -> str:
    """Return the Python type of a JSON schema, as source."""
    if "$ref" in schema:
        return str(schema["$ref"]).rsplit("/", 1)[-1]
    if "anyOf" in schema:
        return " | ".join(dict.fromkeys(type_of(choice) for choice in schema["anyOf"]))
    if "enum" in schema:
        return f"Literal[{', '.join(repr(value) for value in schema['enum'])}]".replace("'", '"')
    return _of_type(schema)


def _of_type(schema: Mapping[str, Any]) -> str:
    match schema.get("type"):
        case "array":
            return f"list[{type_of(schema.get('items', {}))}]"
        case "object":
            values = schema.get("additionalProperties", True)
            return f"dict[str, {type_of(values) if isinstance(values, dict) else 'Any'}]"
        case "null":
            return "None"
        case kind:
            return _PLAIN.get(str(kind), "Any")


def _first_line(schema: Mapping[str, Any]) -> str:
    return str(schema.get("description", "A shape.")).splitlines()[0]
