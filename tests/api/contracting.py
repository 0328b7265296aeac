"""Calls made from the OpenAPI document, each undone after its answer was checked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import schemathesis
from django.core.wsgi import get_wsgi_application
from django.db import transaction
from schemathesis import Case, GenerationMode
from schemathesis.checks import load_all_checks
from schemathesis.specs.openapi.checks import positive_data_acceptance

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from schemathesis.checks import CheckFunction
    from schemathesis.schemas import APIOperation, BaseSchema
    from tests.web.world import World

ADDRESS: Final = "/api/v1/openapi.json"
TABLE: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
BOTH: Final = [GenerationMode.POSITIVE, GenerationMode.NEGATIVE]


@schemathesis.serializer(TABLE)
def as_table(context: object, value: object) -> dict[str, bytes]:  # noqa: ARG001 - schemathesis calls it
    """Send whatever was generated as a workbook: a parser takes any bytes."""
    return {"data": value if isinstance(value, bytes) else str(value).encode()}


def load() -> BaseSchema:
    """Return the document as the service gives it, bound to the service in this process."""
    load_all_checks()
    return schemathesis.openapi.from_wsgi(ADDRESS, get_wsgi_application())


def operations(schema: BaseSchema) -> list[APIOperation]:
    return [found.ok() for found in schema.get_all_operations()]


def operation_named(schema: BaseSchema, label: str) -> APIOperation:
    """Return the operation called ``METHOD /path``."""
    return next(found for found in operations(schema) if found.label == label)


def coverage(schema: BaseSchema, operation: APIOperation) -> Iterator[Case]:
    """Yield the calls at every bound and just past it, of every parameter."""
    return schema.iter_coverage_cases(
        operation, generation_modes=BOTH, generation_config=schema.config.generation
    )


def aim(case: Case, world: World, place: str) -> None:
    """Aim a call at objects that exist: elsewhere most of what is generated ends in a 404."""
    own: Mapping[str, object] = {
        "node_id": world.nodes[place].pk,
        "finding_id": world.findings[f"{place}.flaw"].pk,
        "mandate_id": world.mandates[place].pk,
        "round_id": world.rounds[place].pk,
        "finess": world.nodes[place].code,
        "name": "findings.act",
    }
    for name in case.path_parameters or {}:
        if name in own:
            case.path_parameters[name] = own[name]


def call_and_undo(case: Case, secret: str, *, excluded: tuple[CheckFunction, ...] = ()) -> int:
    """Call, check the answer against the document, undo the writes; returns the status.

    Never checked: that a valid call succeeds. A cursor, a document, a day can be well formed
    and refused.

    Raises:
        FailureGroup: what the answer has that the document does not say.
    """
    with transaction.atomic():
        try:
            response = case.call(headers={"Authorization": f"Bearer {secret}"})
            case.validate_response(
                response,
                headers={"Authorization": f"Bearer {secret}"},
                excluded_checks=[positive_data_acceptance, *excluded],
            )
        finally:
            transaction.set_rollback(True)
    return response.status_code
