"""The API: its operations, who may call them, how often."""

from __future__ import annotations

from typing import Final

from hygie.api import (
    advisories,
    establishments,
    estate,
    findings,
    imports,
    journal,
    me,
    measures,
    moves,
    reviews,
    rounds,
    surveillance,
    territory,
    veille,
)
from hygie.api.asking import Bearer, Session
from hygie.api.bodies import BoundedParser
from hygie.api.contract import ContractApi
from hygie.api.gate import on_error
from hygie.api.idempotency import keyed
from hygie.api.limits import PerCaller
from hygie.api.rendering import JsonRenderer

api: Final = ContractApi(
    title="Hygie",
    version="1",
    description="What the site shows, for machines, within the same rights.",
    docs_url=None,  # its viewer loads scripts that our content policy refuses
    urls_namespace="api",
    auth=[Bearer(), Session()],
    throttle=[PerCaller()],
    renderer=JsonRenderer(),
    parser=BoundedParser(),
)

api.add_decorator(keyed)
for _resource in (
    me, territory, establishments, estate, imports, findings, moves, surveillance, measures,
    rounds, journal, reviews, veille, advisories,
):  # fmt: skip
    api.add_router("", _resource.router)

api.add_exception_handler(Exception, on_error)
for _kind in tuple(api._exception_handlers):  # noqa: SLF001 - ninja's own handlers answer otherwise
    api.add_exception_handler(_kind, on_error)
