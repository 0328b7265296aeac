"""Every address, with every role, on own and foreign objects; a new address needs a recipe."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import pytest
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from tests.web.world import PLACES, ROLES, World

from hygie.domain.people.roles import GRANTED, Permission

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from django.http import HttpResponse
    from django.test import Client

    from hygie.domain.incidents.models import Incident

SEES: Final = {
    "rssi": {"own"},
    "ght_rssi": {"own"},
    "neighbour_rssi": {"neighbour"},
    "director": {"own"},
    "ars": {"own", "neighbour"},
    "cert": set(PLACES),
    "anssi": set(PLACES),
    "ministry": set(PLACES),
    "trainer": {"own"},
    "admin": set(PLACES),
}


HOLDS: Final = {name: held for name, held, _ in ROLES}


@dataclass(frozen=True)
class Recipe:
    """How to ask for an address, and what its answer depends on.

    ``about`` names the object of the address; ``needs`` the permissions of which one opens it,
    empty when signing in is enough; ``public`` pages answer anybody.
    """

    about: str = ""
    needs: tuple[Permission, ...] = ()
    post: bool = False
    public: bool = False


READ = (Permission.FINDING_READ,)
PLAN = (Permission.FINDING_PLAN,)
RUN = (Permission.ROUND_RUN,)
ESTATE = (Permission.ESTATE_READ,)
INCIDENT = (Permission.INCIDENT_READ,)
DECLARE = (Permission.INCIDENT_DECLARE,)
HANDLE = (Permission.INCIDENT_HANDLE,)
STOP = (Permission.SURVEILLANCE_STOP,)
SEEN = (Permission.SURVEILLANCE_READ,)
OPEN = Recipe(public=True)
MINE = Recipe()

RECIPES: Final = {
    "home": MINE,
    "choose-role": Recipe("choice", post=True),
    "account": MINE,
    "finding-list": Recipe(needs=READ),
    "finding-csv": Recipe(needs=READ),
    "finding": Recipe("finding", READ),
    "finding-take": Recipe("finding", PLAN, post=True),
    "finding-plan": Recipe("finding", PLAN, post=True),
    "finding-accept": Recipe("finding", (Permission.FINDING_ACCEPT,), post=True),
    "finding-declare": Recipe("finding", PLAN, post=True),
    "finding-reopen": Recipe("finding", PLAN, post=True),
    "finding-not-affected": Recipe("finding", (Permission.FINDING_ACCEPT,)),
    "statement-list": Recipe(needs=READ),
    "statement-export": Recipe(needs=READ),
    "statement-approve": Recipe("statement", (Permission.FINDING_ACCEPT,), post=True),
    "statement-revoke": Recipe("statement", (Permission.FINDING_ACCEPT,), post=True),
    "national-statements": MINE,
    "stream": MINE,
    "advisory": Recipe("advisory_id"),
    "veille-subscription": MINE,
    "veille-sources": MINE,
    "national-statement-new": Recipe(needs=(Permission.VEILLE_PUBLISH,)),
    "incident-list": Recipe(needs=INCIDENT),
    "incident-declare": Recipe(needs=DECLARE),
    "incident-start": Recipe("node", DECLARE, post=True),
    "incident": Recipe("incident", INCIDENT),
    "incident-draft": Recipe("incident", DECLARE),
    "incident-save": Recipe("incident", DECLARE, post=True),
    "incident-send": Recipe("incident", DECLARE, post=True),
    "incident-drop": Recipe("incident", DECLARE, post=True),
    "incident-complete": Recipe("incident", DECLARE),
    "incident-file": Recipe("duty", HANDLE, post=True),
    "incident-filing": Recipe("filing", INCIDENT),
    "incident-move": Recipe("incident", (*HANDLE, Permission.INCIDENT_QUALIFY), post=True),
    "incident-line": Recipe("incident", HANDLE, post=True),
    "incident-task": Recipe("incident", HANDLE, post=True),
    "incident-tick": Recipe("task", HANDLE, post=True),
    "incident-conclude": Recipe("incident", HANDLE, post=True),
    "incident-crisis": Recipe("incident", INCIDENT),
    "incident-service": Recipe("incident", HANDLE, post=True),
    "incident-copy": Recipe("incident", INCIDENT),
    "territory": MINE,
    "search": MINE,
    "node": Recipe("node", (Permission.TERRITORY_READ,)),
    "asset-list": Recipe("node", ESTATE),
    "mandate-list": Recipe("node", ESTATE),
    "mandate": Recipe("mandate", ESTATE),
    "mandate-revoke": Recipe(
        "mandate", (Permission.MANDATE_SIGN, Permission.ESTATE_WRITE), post=True
    ),
    "mandate-propose": Recipe("node", (Permission.MANDATE_SIGN, Permission.ESTATE_WRITE)),
    "mandate-proposal": Recipe("proposal", ESTATE),
    "mandate-sign": Recipe("proposal", (Permission.MANDATE_SIGN,), post=True),
    "mandate-decline": Recipe(
        "proposal", (Permission.MANDATE_SIGN, Permission.ESTATE_WRITE), post=True
    ),
    "stop-page": Recipe(needs=STOP),
    "stop-now": Recipe(post=True, needs=STOP),
    "stop-end": Recipe(post=True, needs=STOP),
    "exposure": Recipe("node", SEEN),
    "grade-replay": Recipe("node", SEEN),
    "name-list": Recipe("node", SEEN),
    "name-decide": Recipe("node", (Permission.ESTATE_WRITE,), post=True),
    "report-import": Recipe("node", (Permission.ESTATE_WRITE,)),
    "synthesis": Recipe("node", SEEN),
    "synthesis-pdf": Recipe("node", SEEN),
    "round-list": Recipe(needs=(Permission.ROUND_READ,)),
    "round": Recipe("round", (Permission.ROUND_READ,)),
    "work-list": Recipe(needs=RUN),
    "work-start": Recipe(needs=RUN, post=True),
    "work-retry": Recipe(needs=RUN, post=True),
    "work-stop": Recipe(needs=RUN, post=True),
    "people-list": Recipe(needs=(Permission.PEOPLE_READ,)),
    "person": Recipe("person", (Permission.PEOPLE_READ,)),
    "person-close": Recipe("person", (Permission.PEOPLE_GRANT,), post=True),
    "person-reopen": Recipe("person", (Permission.PEOPLE_GRANT,), post=True),
    "person-reset-factor": Recipe("person", (Permission.PEOPLE_GRANT,), post=True),
    "invite": Recipe("node", (Permission.PEOPLE_INVITE,)),
    "invitation-withdraw": Recipe("invitation", (Permission.PEOPLE_INVITE,), post=True),
    "invitation-accept": Recipe("secret", public=True),
    "grant-end": Recipe("grant", (Permission.PEOPLE_INVITE,), post=True),
    "delegation-list": Recipe(needs=(Permission.DELEGATION_PROPOSE, Permission.DELEGATION_ACCEPT)),
    "delegation-propose": Recipe(needs=(Permission.DELEGATION_PROPOSE,)),
    "delegation-accept": Recipe("delegation", (Permission.DELEGATION_ACCEPT,), post=True),
    "delegation-revoke": Recipe("delegation", (Permission.DELEGATION_ACCEPT,), post=True),
    "session-list": MINE,
    "session-revoke": Recipe("sign_in", post=True),
    "session-revoke-all": Recipe(post=True),
    "token-list": Recipe(needs=(Permission.TOKEN_ISSUE,)),
    "token-issue": Recipe(needs=(Permission.TOKEN_ISSUE,)),
    "token-revoke": Recipe("token", (Permission.TOKEN_ISSUE,), post=True),
    "service-list": Recipe(needs=(Permission.TOKEN_ISSUE,)),
    "service-open": Recipe(needs=(Permission.TOKEN_ISSUE,)),
    "service": Recipe("service", (Permission.TOKEN_ISSUE,)),
    "service-token": Recipe("service", (Permission.TOKEN_ISSUE,)),
    "service-close": Recipe("service", (Permission.TOKEN_ISSUE,), post=True),
    "second-factor": MINE,
    "notice-list": MINE,
    "notice-read": Recipe(post=True),
    "journal": Recipe(needs=(Permission.JOURNAL_READ,)),
    "language": Recipe(public=True, post=True),
    "health-alive": OPEN,
    "health-ready": OPEN,
    "security-txt": OPEN,
    "metrics": OPEN,
    "accessibility": OPEN,
    "legal": OPEN,
    "account_login": OPEN,
    "account_logout": OPEN,
    "account_inactive": OPEN,
    "account_signup": OPEN,
    "account_reset_password": OPEN,
    "account_reset_password_done": OPEN,
    "account_reset_password_from_key": Recipe("key", public=True),
    "account_reset_password_from_key_done": OPEN,
    "account_reauthenticate": MINE,
    "account_change_password": MINE,
    "account_set_password": MINE,
    "mfa_index": MINE,
    "mfa_authenticate": OPEN,
    "mfa_reauthenticate": MINE,
    "mfa_activate_totp": MINE,
    "mfa_deactivate_totp": MINE,
    "mfa_view_recovery_codes": MINE,
    "mfa_generate_recovery_codes": MINE,
    "mfa_download_recovery_codes": MINE,
    "mfa_list_webauthn": MINE,
    "mfa_add_webauthn": MINE,
    "mfa_reauthenticate_webauthn": MINE,
    "mfa_edit_webauthn": Recipe("key_id"),
    "mfa_remove_webauthn": Recipe("key_id"),
    "mfa_login_webauthn": OPEN,
    "socialaccount_connections": MINE,
    "socialaccount_login_cancelled": OPEN,
    "socialaccount_login_error": OPEN,
    "socialaccount_signup": OPEN,
    "openid_connect_login": Recipe("provider", public=True),
    "openid_connect_callback": Recipe("provider", public=True),
    # Outside a demonstration this address does not exist, for anybody.
    "demo-enter": Recipe("user", public=True, post=True),
}
NEVER: Final = frozenset({"demo-enter"})
OWN_STATE: Final = frozenset(
    {"mfa_view_recovery_codes", "mfa_download_recovery_codes", "mfa_deactivate_totp"}
)
"""Pages about something of one's own that these accounts do not have: 404 is their answer."""


PLACED: Final = frozenset(
    {
        "finding",
        "node",
        "mandate",
        "round",
        "person",
        "grant",
        "invitation",
        "delegation",
        "token",
        "service",
        "proposal",
        "statement",
        "incident",
        "duty",
        "filing",
        "task",
    }
)
"""Objects of a place: they answer within scope and right, and nowhere else."""

FIXED: Final[dict[str, dict[str, object]]] = {
    "key": {"uidb36": "1", "key": "x-y"},
    "secret": {"secret": "inconnu"},
    "provider": {"provider_id": "psc"},
    "key_id": {"pk": 10**9},
    "sign_in": {"sign_in_id": 10**9},
    "advisory_id": {"advisory_id": 10**9},
}
"""Addresses whose argument names nothing of the world."""


INCIDENTS: Final[dict[str, Callable[[Incident], dict[str, object]]]] = {
    "incident": lambda one: {"key": one.key},
    "duty": lambda one: {"key": one.key, "duty_id": one.duties.earliest("pk").pk},
    "filing": lambda one: {"key": one.key, "filing_id": one.filings.earliest("pk").pk},
    "task": lambda one: {"key": one.key, "task_id": one.tasks.earliest("pk").pk},
}
"""Addresses of an incident and of its parts."""


def names(patterns: list[URLPattern | URLResolver]) -> Iterator[str]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            # tests/api/test_scope.py walks the API, from its own document.
            yield from names(pattern.url_patterns) if str(pattern.pattern) != "api/" else ()
        else:
            yield pattern.name or str(pattern.pattern)


def test_every_address_has_its_recipe() -> None:
    assert set(names(get_resolver().url_patterns)) == set(RECIPES)


@pytest.mark.parametrize("role", [name for name, _, _ in ROLES])
def test_an_object_answers_only_within_scope_and_right(
    role: str, world: World, sign_in: Callable[[str], Client]
) -> None:
    held, client, wrong = GRANTED[HOLDS[role]], sign_in(role), []
    for name, recipe in RECIPES.items():
        if recipe.about not in PLACED:
            continue
        for place in PLACES:
            answer = ask(client, name, recipe, world, place)
            wanted = place in SEES[role] and bool(held & set(recipe.needs))
            if (answer.status_code != 404) != wanted:
                wrong.append((name, place, answer.status_code))
    assert wrong == []


@pytest.mark.parametrize("role", [name for name, _, _ in ROLES])
def test_a_page_names_nothing_out_of_scope(
    role: str, world: World, sign_in: Callable[[str], Client]
) -> None:
    """Lists, searches, counts and exports, and the pages of one's own objects."""
    hidden = [f".{place}.example" for place in PLACES if place not in SEES[role]]
    hidden += [world.nodes[place].name for place in PLACES if place not in SEES[role]]
    client, leaks = sign_in(role), []
    for name, recipe in RECIPES.items():
        for place in SEES[role] if recipe.about else {""}:
            if recipe.post or recipe.about in FIXED:
                continue
            answer = ask(client, name, recipe, world, place)
            text = body(answer)
            leaks += [(name, place, word) for word in hidden if word in text]
    assert leaks == []


@pytest.mark.parametrize("role", [name for name, _, _ in ROLES])
def test_a_list_needs_its_permission(
    role: str, world: World, sign_in: Callable[[str], Client]
) -> None:
    held, client, wrong = GRANTED[HOLDS[role]], sign_in(role), []
    for name, recipe in RECIPES.items():
        if recipe.about or name in NEVER | OWN_STATE:
            continue
        answer = ask(client, name, recipe, world, "")
        allowed = not recipe.needs or bool(held & set(recipe.needs))
        if (answer.status_code != 404) != allowed:
            wrong.append((name, answer.status_code))
    assert wrong == []


def test_nobody_reads_without_signing_in(world: World, client: Client) -> None:
    wrong = []
    for name, recipe in RECIPES.items():
        if recipe.public:
            continue
        answer = ask(client, name, recipe, world, "own" if recipe.about else "")
        if answer.status_code != 302 or reverse("account_login") not in answer["Location"]:
            wrong.append((name, answer.status_code))
    assert wrong == []


def test_a_filter_by_a_foreign_place_does_not_exist(
    world: World, sign_in: Callable[[str], Client]
) -> None:
    foreign = world.nodes["neighbour"].pk

    answer = sign_in("rssi").get(reverse("finding-list"), {"node": foreign})

    assert answer.status_code == 404


def test_the_missing_and_the_forbidden_look_the_same(
    world: World, sign_in: Callable[[str], Client]
) -> None:
    client = sign_in("rssi")

    forbidden = client.get(reverse("finding", args=[world.findings["neighbour.late"].pk]))
    missing = client.get(reverse("finding", args=[10**9]))

    assert forbidden.status_code == missing.status_code == 404
    assert without_address(forbidden) == without_address(missing)


def test_nobody_takes_the_role_of_somebody_else(
    world: World, sign_in: Callable[[str], Client]
) -> None:
    grant = world.users["cert"].grants.get()

    answer = sign_in("rssi").post(reverse("choose-role"), {"grant": grant.pk})

    assert answer.status_code == 404


def ask(client: Client, name: str, recipe: Recipe, world: World, place: str) -> HttpResponse:
    url = reverse(name, kwargs=arguments(recipe.about, world, place))
    return client.post(url) if recipe.post else client.get(url)


def arguments(about: str, world: World, place: str) -> dict[str, object]:
    if not about:
        return {}
    if about in FIXED:
        return FIXED[about]
    if about in INCIDENTS and place in world.incidents:
        return INCIDENTS[about](world.incidents[place])
    objects = {
        "finding": world.findings.get(f"{place}.late"),
        "node": world.nodes[place],
        "mandate": world.mandates.get(place),
        "round": world.rounds.get(place),
        "user": world.users["rssi"],
        "person": world.agents.get(place),
        "grant": world.grants.get(place),
        "invitation": world.invitations.get(place),
        "delegation": world.delegations.get(place),
        "token": world.tokens.get(place),
        "statement": world.statements.get(place),
        "service": world.services.get(place),
        "proposal": world.proposals.get(place),
    }
    found = objects.get(about)
    return {f"{about}_id": found.pk} if found is not None else {}


def body(answer: HttpResponse) -> str:
    if answer.streaming:
        return b"".join(answer.streaming_content).decode()  # type: ignore[attr-defined]
    return answer.content.decode(errors="replace")


def without_address(answer: HttpResponse) -> list[str]:
    """Leave out what each page has of its own: its address in forms, its token."""
    hidden = ('name="next"', "csrfmiddlewaretoken", "nonce=")
    return [line for line in body(answer).splitlines() if not any(w in line for w in hidden)]
