"""A program holds a role of its manager, and a token never more than its manager may do."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest
from django.http import Http404
from django.utils import timezone
from tests.web.world import World, build

from hygie.domain.journal.models import Entry
from hygie.domain.people import services, tokens
from hygie.domain.people.models import ApiToken, User
from hygie.domain.people.roles import Permission
from hygie.domain.people.services import ServiceError
from hygie.vocabulary.enums import Role

if TYPE_CHECKING:
    from collections.abc import Iterable

NOW = timezone.now()
TODAY = timezone.localdate(NOW)
READ = Permission.FINDING_READ


@pytest.fixture
def world(db: None) -> World:  # noqa: ARG001 - opens the database
    return build()


@pytest.fixture
def siem(world: World) -> User:
    return services.open_service(
        "SIEM régional", Role.RSSI, world.nodes["own"], by=world.users["rssi"], now=NOW
    )


def issue(
    service: User, world: World, by: str, place: str = "own", wanted: Iterable[Permission] = (READ,)
) -> str:
    secret, _ = services.issue_for(
        service,
        "serveur 1",
        wanted,
        world.nodes[place],
        expires_at=NOW + dt.timedelta(days=30),
        by=world.users[by],
        now=NOW,
    )
    return secret


def test_a_service_holds_the_role_and_bears_a_token(world: World, siem: User) -> None:
    principal = tokens.authenticate(issue(siem, world, "rssi"), now=NOW)

    assert siem.email == "siem-regional.990100109@service.invalid"
    assert not siem.has_usable_password()
    assert principal.permissions == {READ}
    assert principal.node_id == world.nodes["own"].pk
    said = list(Entry.objects.order_by("sequence").values_list("action", "actor"))[-3:]
    by = world.users["rssi"].email
    assert said == [("account.created", by), ("role.granted", by), ("token.issued", by)]


@pytest.mark.parametrize(
    ("by", "role", "place"),
    [
        pytest.param("rssi", Role.DIRECTOR, "own", id="not one's own"),
        pytest.param("rssi", Role.RSSI, "neighbour", id="elsewhere"),
        pytest.param("ars", Role.ARS_OFFICER, "own", id="not held there"),
        pytest.param("director", Role.DIRECTOR, "own", id="issues no token"),
        pytest.param("admin", Role.CERT_ANALYST, "nation", id="read by the back door"),
    ],
)
def test_nobody_climbs_by_a_program(by: str, role: Role, place: str, world: World) -> None:
    before = User.objects.count()

    with pytest.raises(ServiceError, match="ne tenez pas"):
        services.open_service("x1", role, world.nodes[place], by=world.users[by], now=NOW)

    assert User.objects.count() == before


@pytest.mark.parametrize("name", ["", "  ", "…", "x" * 61])
def test_a_name_that_names_nothing_is_refused(name: str, world: World) -> None:
    with pytest.raises(ServiceError, match="donnez un nom"):
        services.open_service(name, Role.RSSI, world.nodes["own"], by=world.users["rssi"], now=NOW)


def test_a_name_serves_once_a_place_and_never_takes_the_account_of_another(
    world: World, siem: User
) -> None:
    with pytest.raises(ServiceError, match="déjà ce nom"):
        services.open_service(
            "siem REGIONAL", Role.RSSI, world.nodes["own"], by=world.users["rssi"], now=NOW
        )
    other = services.open_service(
        "SIEM régional",
        Role.RSSI,
        world.nodes["neighbour"],
        by=world.users["neighbour_rssi"],
        now=NOW,
    )

    assert other.pk != siem.pk


def test_no_token_signs_or_rules_people(world: World, siem: User) -> None:
    offered = services.permissions_for(siem, world.nodes["own"], by=world.users["rssi"], on=TODAY)

    assert READ in offered
    assert not offered & services.FOR_PEOPLE_ONLY
    with pytest.raises(tokens.TokenError, match="n’a pas ces droits"):
        issue(siem, world, "rssi", wanted=[Permission.PEOPLE_INVITE])
    assert not ApiToken.objects.filter(user=siem).exists()


def test_a_token_of_a_national_service_is_not_made_by_who_reads_less(world: World) -> None:
    cert = services.open_service(
        "Veille", Role.CERT_ANALYST, world.nodes["nation"], by=world.users["cert"], now=NOW
    )

    with pytest.raises(tokens.TokenError):
        issue(cert, world, "ministry", place="nation")
    with pytest.raises(ServiceError, match="pas la vôtre"):
        services.close_service(cert, by=world.users["ministry"], now=NOW)
    assert issue(cert, world, "cert", place="nation").startswith("hyg_")


def test_a_service_is_seen_where_it_acts_and_nowhere_else(world: World, siem: User) -> None:
    assert services.service_for(world.users["ght_rssi"], siem.pk) == siem
    assert services.places_of(siem, by=world.users["ght_rssi"], on=TODAY)
    for stranger in ("neighbour_rssi", "director", "trainer"):
        with pytest.raises(Http404):
            services.service_for(world.users[stranger], siem.pk)
    with pytest.raises(Http404):
        services.service_for(world.users["rssi"], world.agents["own"].pk)


def test_a_closed_service_opens_nothing_for_ever(world: World, siem: User) -> None:
    secret = issue(siem, world, "rssi")

    services.close_service(siem, by=world.users["ght_rssi"], now=NOW)

    with pytest.raises(tokens.TokenRefusedError):
        tokens.authenticate(secret, now=NOW)
    assert not siem.grants.filter(valid_to__gt=TODAY).exists()
    with pytest.raises(ServiceError, match="fermé"):
        services.close_service(siem, by=world.users["ght_rssi"], now=NOW)
    with pytest.raises(tokens.TokenError):
        issue(siem, world, "rssi")


def test_an_administrator_of_accounts_closes_any(world: World, siem: User) -> None:
    services.close_service(siem, by=world.users["admin"], now=NOW)

    siem.refresh_from_db()
    assert not siem.is_active
