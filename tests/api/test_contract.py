"""The service answers what its OpenAPI document says, whatever is sent, whoever asks."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from schemathesis import GenerationMode
from schemathesis.specs.openapi.checks import negative_data_rejection
from tests.api import contracting, scope

from hygie.api.contract import operations_of
from hygie.api.service import api

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.web.world import World

LABELS = [f"{call.method} {call.path}" for call in scope.calls()]
FUZZ = settings(
    max_examples=8,
    deadline=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)


def test_the_document_is_openapi_3_1() -> None:
    assert api.get_openapi_schema(path_prefix="/api/v1/")["openapi"] == "3.1.0"


def test_every_operation_says_how_it_fails() -> None:
    document = api.get_openapi_schema(path_prefix="/api/v1/")

    for method, operation in operations_of(document):
        problems = {status for status in operation["responses"] if status >= "400"}
        assert problems >= {"400", "401", "404", "422", "429", "500"}
        assert (method == "get") == ("304" in operation["responses"])
        assert (method == "post") == ("409" in problems)


def test_every_operation_answers_as_documented_to_an_ordinary_call(
    world: World, secret_of: Callable[[str], str]
) -> None:
    """One call each, also in the fast suite."""
    secret, schema = secret_of("rssi"), contracting.load()
    for operation in contracting.operations(schema):
        case = next(iter(contracting.coverage(schema, operation)))
        contracting.aim(case, world, "own")
        contracting.call_and_undo(case, secret)


@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.parametrize("label", LABELS)
def test_an_answer_at_any_bound_is_documented(
    label: str, world: World, secret_of: Callable[[str], str]
) -> None:
    """Each parameter at its bounds and past them, missing, doubled, of another type."""
    secret, schema = secret_of("rssi"), contracting.load()
    operation = contracting.operation_named(schema, label)
    asked = 0

    for case in contracting.coverage(schema, operation):
        contracting.call_and_undo(case, secret)
        contracting.aim(case, world, "own")
        contracting.call_and_undo(case, secret)
        asked += 2

    assert asked > 10


@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE])
@pytest.mark.parametrize("role", ["director", "ars", "ministry", "admin"])
def test_anything_sent_by_anybody_gets_a_documented_answer(
    role: str, mode: GenerationMode, world: World, secret_of: Callable[[str], str]
) -> None:
    secret, schema = secret_of(role), contracting.load()
    for operation in contracting.operations(schema):

        @FUZZ
        @given(case=operation.as_strategy(generation_mode=mode))
        def answers(case: contracting.Case) -> None:
            contracting.aim(case, world, "own")
            # What was wrong in it may be what the aim or the token replaced.
            contracting.call_and_undo(case, secret, excluded=(negative_data_rejection,))

        answers()
