"""The published scope matrix: every page and every operation, asked by everybody, everywhere.

``python -m tests.project.scope_matrix`` writes docs/scope-matrix.md from an invented territory in
a home of its own; the recipes are those of tests/web/test_scope.py and tests/api/scope.py.
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

import tests.environment  # noqa: F401 - a home of its own, before Django reads its settings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from django.http import HttpResponse
    from django.test import Client
    from tests.web.world import World

PAGE: Final = Path(__file__).resolve().parents[2] / "docs" / "scope-matrix.md"
NOBODY: Final = "nobody"

WORDS: Final = {
    200: "shown",
    201: "made",
    202: "queued",
    204: "done",
    302: "led on",
    303: "led on",
    400: "incomplete",
    401: "sign in",
    403: "refused",
    404: "–",
    405: "other verb",
    409: "conflict",
    412: "conflict",
    422: "incomplete",
    429: "too often",
    503: "shown",  # a health page says so when something is amiss, which is no matter of rights
}

INTRODUCTION: Final = """# Who gets what

Written by `python -m tests.project.scope_matrix`; a test keeps this page equal to what the pages
and the API answer. In an invented territory of two regions, three GHT and four establishments,
every address of the site and every operation of the API is asked by every account, and by
somebody who did not sign in, about an object of a place of theirs (`own`), of the nearest place
that is not (`neighbour`), and of the place just above theirs (`parent`). What a call writes is
undone before the next.

`–` is the answer 404, the same bytes for what does not exist and for what one may not see.
`shown` (200), `made` (201), `queued` (202), `done` (204) and `led on` (to another page) opened;
`incomplete` opened too, and asked for what an empty form lacks; `conflict` opened, and the object
does not allow that move; `other verb` is an address that answers another method; `refused` is a
403; `sign in` leads to the sign-in page or says 401. An empty cell: no such object, as the nation
has no neighbour. `any` rows are lists and pages without an object in their address: everybody
sees their own rows there, and tests read every one for a name out of scope. `GET` of a page is
asked, or `POST` where the row says so.

| Account | Role | Place |
| --- | --- | --- |
"""


class Cell(NamedTuple):
    """One call: its row in the table, who asked, and the word of the answer."""

    row: str
    relation: str
    who: str
    word: str


def render(world: World, secret_of: Callable[[str], str]) -> str:
    """Return the page.

    Args:
        world: the invented territory, as ``tests.web.world.build`` makes it.
        secret_of: gives an API token with all that an account's role allows.
    """
    from tests.api.scope import extend
    from tests.web.world import ROLES

    extend(world)
    for name in world.nodes:
        world.rounds.setdefault(name, world.rounds["national"])
        if flaw := world.findings.get(f"{name}.flaw"):
            world.findings.setdefault(f"{name}.late", flaw)
    everybody = [name for name, _, _ in ROLES]
    people = "".join(
        f"| `{name}` | `{role}` | {world.nodes[place].name} |\n" for name, role, place in ROLES
    )
    pages = [cell for who in (*everybody, NOBODY) for cell in _pages(world, who)]
    calls = [cell for who in (*everybody, NOBODY) for cell in _calls(world, who, secret_of)]
    columns = [*everybody, NOBODY]
    return (
        f"{INTRODUCTION}{people}\n## Pages\n\n{_table('Address', pages, columns)}"
        f"\n## Operations of the API\n\n{_table('Operation', calls, columns)}"
    )


def _pages(world: World, who: str) -> Iterator[Cell]:
    from django.db import transaction
    from tests.api.scope import RELATIONS, place_of
    from tests.web.test_scope import (
        PLACED,
        RECIPES,
        arguments,
        ask,
    )

    for name, recipe in sorted(RECIPES.items()):
        row = f"`{name}`" + (" POST" if recipe.post else "")
        placed = recipe.about in PLACED
        for relation in RELATIONS if placed else ("any",):
            place = "own"
            if placed and who != NOBODY:
                place = place_of(who, relation) or ""
            elif placed:
                place = {"own": "own", "neighbour": "neighbour", "parent": "ej-a"}[relation]
            if not place or (placed and not arguments(recipe.about, world, place)):
                continue
            with transaction.atomic():
                answer = ask(_signed_in(world, who), name, recipe, world, place)
                _drain(answer)
                transaction.set_rollback(True)
            yield Cell(row, relation, who, _word(answer))


def _calls(world: World, who: str, secret_of: Callable[[str], str]) -> Iterator[Cell]:
    from django.test import Client
    from tests.api.scope import RECIPES, answers, ask, calls

    if who == NOBODY:
        for call in calls():
            about = bool(RECIPES[call.name].about)
            answer = ask(Client(), call, world, "own" if about else "")
            yield Cell(f"`{call.name}`", "own" if about else "any", who, _word(answer))
        return
    client = Client(headers={"authorization": f"Bearer {secret_of(who)}"})
    for call, relation, answer in answers(world, who, client):
        shown = "any" if relation == "list" else relation
        yield Cell(f"`{call.name}`", shown, who, _word(answer))


def _signed_in(world: World, who: str) -> Client:
    from django.test import Client

    client = Client()
    if who != NOBODY:
        backend = "django.contrib.auth.backends.ModelBackend"
        client.force_login(world.users[who], backend=backend)
    return client


def _word(answer: HttpResponse) -> str:
    from django.urls import reverse

    if answer.status_code == 302 and reverse("account_login") in answer["Location"]:
        return WORDS[401]
    return WORDS[answer.status_code]


def _drain(answer: HttpResponse) -> None:
    """Read what is sent bit by bit, while what it reads is there."""
    if answer.streaming:
        list(answer.streaming_content)  # type: ignore[attr-defined]


def _table(title: str, cells: list[Cell], columns: list[str]) -> str:
    found = {(cell.row, cell.relation, cell.who): cell.word for cell in cells}
    rows = sorted({cell.row for cell in cells})
    lines = [
        f"| {title} | About | " + " | ".join(f"`{who}`" for who in columns) + " |",
        "| --- | --- |" + " --- |" * len(columns),
    ]
    for row in rows:
        for relation in ("any", "own", "neighbour", "parent"):
            words = [found.get((row, relation, who), "") for who in columns]
            if any(words):
                lines.append(f"| {row} | {relation} | " + " | ".join(words) + " |")
    return "\n".join(lines) + "\n"


def secret(world: World, name: str) -> str:
    """Return an API token with all that the role of an account allows."""
    from django.utils import timezone
    from tests.web.world import ROLES

    from hygie.domain.people.roles import GRANTED
    from hygie.domain.people.tokens import issue

    role, place = next((role, place) for account, role, place in ROLES if account == name)
    now = timezone.now()
    ends = now + dt.timedelta(days=1)
    made, _ = issue(
        world.users[name],
        "matrice",
        GRANTED[role],
        world.nodes[place],
        expires_at=ends,
        actor="essai",
        now=now,
    )
    return made


def main() -> None:
    """Write the page, from a fresh home that holds the invented territory."""
    import os

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hygie.config.settings")
    import django

    django.setup()
    from django.conf import settings
    from django.core.management import call_command
    from django.test.utils import setup_test_environment
    from tests.web.world import build

    setup_test_environment()
    settings.MIDDLEWARE = [name for name in settings.MIDDLEWARE if "whitenoise" not in name]
    settings.API_CALLS_PER_MINUTE = 100_000
    call_command("migrate", verbosity=0)
    world = build()
    PAGE.write_text(render(world, lambda name: secret(world, name)), encoding="utf-8")


if __name__ == "__main__":
    main()
