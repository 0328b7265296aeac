"""People below one's own: seen, invited, ended, closed; and acting for a member."""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING

import pytest
from allauth.mfa.models import Authenticator
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from tests.web.world import PASSWORD, World

from hygie.domain.people.models import Delegation, Invitation, User
from hygie.jobs.mails import deliver_due
from hygie.vocabulary.enums import Role
from hygie.web.people import delegations, forms, invitations, standing, views

if TYPE_CHECKING:
    from collections.abc import Callable

    SignedIn = Callable[[str], Client]

NEW = "nouvelle@essai.example"
TODAY = timezone.localdate()


def invite(client: Client, world: World, email: str = NEW, role: str = "trainer") -> str:
    """Invite by the page; the link of the e-mail."""
    answer = client.post(
        reverse("invite", args=[world.nodes["own"].pk]), {"email": email, "role": role}
    )
    assert answer.status_code == 302, answer.content.decode()
    deliver_due()
    link = re.search(r"http://testserver(\S+)", str(mail.outbox[-1].body))
    assert link is not None
    return link[1]


def test_an_invited_person_chooses_a_password_and_is_in(world: World, sign_in: SignedIn) -> None:
    link = invite(sign_in("rssi"), world)
    client = Client()

    page = client.get(link)
    answer = client.post(link, {"name": "Alix Essai", "password": PASSWORD})

    assert page["Referrer-Policy"] == "no-referrer"
    assert "Hôpital d’Aurore" in page.content.decode()
    assert answer["Location"] == reverse("home")
    user = User.objects.get(email=NEW)
    assert user.check_password(PASSWORD)
    assert user.grants.get().role == Role.TRAINER
    assert client.get(reverse("account")).status_code == 200
    assert Client().get(link).status_code == 404
    assert mail.outbox[-1].to == [NEW]
    assert callable(invitations.accept)


@pytest.mark.parametrize("password", ["court", "aaaaaaaaaaaa1", "nouvelle@essai.example"])
def test_a_weak_password_is_refused(password: str, world: World, sign_in: SignedIn) -> None:
    link = invite(sign_in("rssi"), world)

    page = Client().post(link, {"name": "Alix", "password": password})

    weak = password != "aaaaaaaaaaaa1"
    assert (page.status_code == 422) is weak
    assert User.objects.filter(email=NEW).exists() is not weak


def test_an_address_that_has_an_account_signs_in_first(world: World, sign_in: SignedIn) -> None:
    known = world.users["cert"]
    link = invite(sign_in("rssi"), world, known.email)

    visitor = Client().get(link).content.decode()
    other = sign_in("ars").get(link).content.decode()
    sign_in("ars").post(link, {"name": "Voleur", "password": PASSWORD})
    answer = sign_in("cert").post(link)

    assert "connectez-vous avec lui" in visitor
    assert "connectez-vous avec lui" in other
    assert answer["Location"] == reverse("home")
    assert known.grants.filter(role=Role.TRAINER).exists()


def test_somebody_signed_in_does_not_open_the_account_of_another(
    world: World, sign_in: SignedIn
) -> None:
    link = invite(sign_in("rssi"), world)

    page = sign_in("ars").get(link).content.decode()

    assert "Déconnectez-vous" in page


def test_a_role_out_of_reach_is_refused(world: World, sign_in: SignedIn) -> None:
    url = reverse("invite", args=[world.nodes["own"].pk])

    page = sign_in("rssi").post(url, {"email": NEW, "role": "director"})

    assert page.status_code == 422
    assert not Invitation.objects.filter(email=NEW).exists()
    assert (
        "fonction ne s’offre ici"
        in sign_in("ars").get(reverse("invite", args=[world.nodes["x1"].pk])).content.decode()
    )


def test_an_invitation_taken_back_opens_nothing(world: World, sign_in: SignedIn) -> None:
    client = sign_in("rssi")
    link = invite(client, world)
    made = Invitation.objects.get(email=NEW)

    client.post(reverse("invitation-withdraw", args=[made.pk]))

    assert Client().get(link).status_code == 404


def test_too_many_answers_are_stopped(world: World, sign_in: SignedIn) -> None:
    link = invite(sign_in("rssi"), world)
    cache.clear()
    client = Client()

    codes = [client.post(link, {"name": "", "password": ""}).status_code for _ in range(31)]

    assert codes[:30] == [422] * 30
    assert codes[30] == 429
    cache.clear()


def test_the_list_finds_people_and_ends_a_role(world: World, sign_in: SignedIn) -> None:
    client = sign_in("ght_rssi")
    agent = world.agents["own"]

    listed = client.get(reverse("people-list"), {"q": "agent"}).content.decode()
    person = client.get(reverse("person", args=[agent.pk])).content.decode()
    client.post(reverse("grant-end", args=[world.grants["own"].pk]))

    assert str(agent) in listed
    assert "Terminer aujourd’hui" in person
    assert "Fermer le compte" not in person
    assert not world.agents["own"].grants.filter(valid_to__gt=TODAY).exists()
    assert callable(views.people_list)


def test_nobody_ends_their_own_role(world: World, sign_in: SignedIn) -> None:
    own = world.users["admin"].grants.get()

    assert sign_in("admin").post(reverse("grant-end", args=[own.pk])).status_code == 404


def test_an_administrator_closes_and_reopens_an_account(world: World, sign_in: SignedIn) -> None:
    admin, browser = sign_in("admin"), sign_in("director")
    director = world.users["director"]

    admin.post(reverse("person-close", args=[director.pk]))
    gone = browser.get(reverse("home"))["Location"]
    page = admin.get(reverse("person", args=[director.pk])).content.decode()
    admin.post(reverse("person-reopen", args=[director.pk]))

    assert gone.startswith(reverse("account_login"))
    assert "Rouvrir le compte" in page
    director.refresh_from_db()
    assert director.is_active


def test_an_administrator_does_not_close_their_own_account(world: World, sign_in: SignedIn) -> None:
    url = reverse("person-close", args=[world.users["admin"].pk])

    assert sign_in("admin").post(url).status_code == 404


@pytest.fixture
def rssi(world: World, sign_in: SignedIn) -> Client:
    """A browser of the RSSI, who has a second factor: acting elsewhere asks for one."""
    user = world.users["rssi"]
    Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data={})
    return sign_in("rssi")


def proposal(**changes: object) -> dict[str, object]:
    return {
        "member": "990 100 208",
        "who": "",
        "permissions": ["finding.read", "finding.plan"],
        "valid_from": TODAY.isoformat(),
        "valid_to": (TODAY + dt.timedelta(days=30)).isoformat(),
        "reason": "Personne sur place jusqu’au printemps.",
        **changes,
    }


def test_a_member_is_acted_for_once_it_accepted(
    world: World, rssi: Client, sign_in: SignedIn
) -> None:
    director = sign_in("director")
    annex = reverse("node", args=[world.nodes["annex"].pk])
    finding_url = reverse("asset-list", args=[world.nodes["annex"].pk])
    assert rssi.get(annex).status_code == 404

    answer = rssi.post(
        reverse("delegation-propose"),
        proposal(permissions=["territory.read", "estate.read", "finding.read"]),
    )
    assert answer["Location"] == reverse("delegation-list")
    made = Delegation.objects.get(proposed_by=world.users["rssi"])
    assert rssi.get(finding_url).status_code == 404
    assert "Accorder" in director.get(reverse("delegation-list")).content.decode()
    director.post(reverse("delegation-accept", args=[made.pk]))

    assert rssi.get(finding_url).status_code == 200
    assert "en cours" in rssi.get(reverse("delegation-list")).content.decode()
    rssi.post(reverse("delegation-revoke", args=[made.pk]))
    assert rssi.get(finding_url).status_code == 404
    assert "révoquée" in rssi.get(reverse("delegation-list")).content.decode()
    assert callable(delegations.accept)
    assert callable(standing.standing_of)


def test_a_role_is_proposed_rather_than_a_person(world: World, rssi: Client) -> None:
    own = world.nodes["own"]

    rssi.post(reverse("delegation-propose"), proposal(who=own.pk))

    made = Delegation.objects.get(proposed_by=world.users["rssi"])
    assert (made.to_user, made.to_role, made.to_node) == (None, Role.RSSI, own)


@pytest.mark.parametrize(
    "change",
    [
        pytest.param({"member": "990100307"}, id="of another group"),
        pytest.param({"member": "000000000"}, id="unknown"),
        pytest.param({"permissions": ["mandate.sign"]}, id="not delegable"),
        pytest.param({"reason": "vacances"}, id="no reason"),
        pytest.param({"valid_to": "2099-01-01"}, id="too long"),
        pytest.param({"who": "999999"}, id="somewhere else"),
    ],
)
def test_a_proposal_that_does_not_hold_comes_back(
    change: dict[str, object], world: World, rssi: Client
) -> None:
    page = rssi.post(reverse("delegation-propose"), proposal(**change))

    assert page.status_code == 422
    assert not Delegation.objects.filter(proposed_by=world.users["rssi"]).exists()
    assert issubclass(forms.ProposalForm, object)


def test_who_may_not_answer_is_told_so(world: World, sign_in: SignedIn) -> None:
    made = world.delegations["own"]

    page = sign_in("ght_rssi").post(reverse("delegation-accept", args=[made.pk]), follow=True)

    assert "seuls la direction et le RSSI" in page.content.decode()
    made.refresh_from_db()
    assert made.accepted_at is None
