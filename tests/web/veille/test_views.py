from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.urls import reverse
from django.utils import timezone
from tests.web.world import CVE

from hygie.domain.veille.models import Advisory, AdvisoryCve, Refusal, Revision, Subscription

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client
    from tests.web.world import World


@pytest.fixture
def advisory(world: World) -> Advisory:  # noqa: ARG001 - its flaws are what it names
    now = timezone.now()
    made = Advisory.objects.create(
        kind="certfr-avis",
        reference="CERTFR-2099-AVI-0001",
        title="Vulnérabilité dans la passerelle",
        publisher="CERT-FR",
        cve_ids=[CVE, "CVE-2099-0009"],
        content={"summary": "Résumé.", "risks": ["Risque"], "products": [{"text": "Passerelle"}]},
        sha256="1" * 64,
        published_on=now.date(),
        updated_on=now.date(),
        came_at=now,
        changed_at=now,
    )
    AdvisoryCve.objects.create(advisory=made, cve_id=CVE)
    for sha, cves in (("0" * 64, [CVE]), ("1" * 64, made.cve_ids)):
        Revision.objects.create(
            advisory=made, content={"title": made.title, "cve_ids": cves}, sha256=sha, at=now
        )
    return made


def page(client: Client, name: str, *args: object, **query: str) -> str:
    return str(client.get(reverse(name, args=args), query).content.decode())


def test_the_stream_says_whom_it_concerns(
    advisory: Advisory, sign_in: Callable[[str], Client]
) -> None:
    shown = page(sign_in("rssi"), "stream")

    assert advisory.title in shown
    assert "Vous concerne (1 équipement)" in shown
    assert "Avis et alertes publiés, par mois" in shown


def test_who_reads_no_finding_reads_the_stream_without_answer(
    advisory: Advisory, sign_in: Callable[[str], Client]
) -> None:
    shown = page(sign_in("ministry"), "stream")

    assert advisory.title in shown
    assert "Vous concerne" not in shown


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"concerned": "on"}, True),
        ({"q": "passerelle"}, True),
        ({"kind": "csaf"}, False),
        ({"since": "2999-01-01"}, False),
        ({"since": "jamais"}, True),
    ],
)
def test_the_stream_is_narrowed_by_its_address(
    query: dict[str, str],
    found: bool,  # noqa: FBT001 - a value of the test
    advisory: Advisory,
    sign_in: Callable[[str], Client],
) -> None:
    assert (advisory.title in page(sign_in("rssi"), "stream", **query)) is found


def test_a_foreign_place_does_not_exist(world: World, sign_in: Callable[[str], Client]) -> None:
    answer = sign_in("rssi").get(reverse("stream"), {"node": world.nodes["neighbour"].pk})

    assert answer.status_code == 404


def test_an_advisory_shows_ours_and_what_its_revision_changed(
    advisory: Advisory, sign_in: Callable[[str], Client]
) -> None:
    shown = page(sign_in("rssi"), "advisory", advisory.pk)

    assert "Chez vous" in shown
    assert "Hôpital d’Aurore" in shown
    assert "Hôpital de Brume" not in shown
    assert "+ CVE-2099-0009" in shown


def test_a_subscription_is_kept_and_shown_again(
    world: World, sign_in: Callable[[str], Client]
) -> None:
    client, url = sign_in("rssi"), reverse("veille-subscription")
    asked = {"pace": "weekly", "breadth": "all", "kinds": ["kev"], "from_hour": 21, "to_hour": 7}
    assert client.post(url, {**asked, "from_hour": 99}).status_code == 422

    client.post(url, {**asked, "time_zone": "Indian/Reunion"})

    kept = Subscription.objects.get(user=world.users["rssi"])
    assert (kept.pace, kept.kinds, kept.time_zone) == ("weekly", ["kev"], "Indian/Reunion")
    assert 'value="weekly" selected' in page(client, "veille-subscription")


def test_the_sources_tell_their_age_and_what_was_refused(
    world: World,  # noqa: ARG001 - accounts
    sign_in: Callable[[str], Client],
) -> None:
    Refusal.objects.create(
        name="bad.json", sha256="0" * 64, reason="pas du JSON", at=timezone.now()
    )

    shown = page(sign_in("rssi"), "veille-sources")

    assert "known_exploited_vulnerabilities.json" in shown
    assert "absente" in shown
    assert "pas du JSON" in shown
