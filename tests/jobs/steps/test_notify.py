from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.domain.places import NOW, make_site, make_user

from hygie.domain.findings.models import Event, EventKind, Finding
from hygie.domain.outbox.models import Mail
from hygie.domain.people.models import Notice
from hygie.domain.rounds.models import Item, Step
from hygie.jobs.steps.notify import Notify
from hygie.vocabulary.enums import Role

if TYPE_CHECKING:
    from collections.abc import Callable

    from hygie.domain.territory.models import Node
    from hygie.jobs.workbench import Workbench


def happen(site: Node, *kinds: EventKind) -> None:
    for kind in kinds:
        finding = Finding.objects.create(
            node=site,
            identity=f"{Finding.objects.count():064}",
            origin="exposure",
            subject="vpn.essai.example:443",
            title="TLS 1.0",
            severity="major",
            first_seen_at=NOW,
            last_seen_at=NOW,
            last_reached_at=NOW,
        )
        Event.objects.create(finding=finding, at=NOW, kind=kind, actor="système")


def test_who_plans_repairs_hears_once_what_changed(
    site: Node, item_of: Callable[[Step], Item], bench: Workbench
) -> None:
    rssi = make_user(Role.RSSI, site)
    happen(site, EventKind.SEEN, EventKind.SEEN, EventKind.RETURNED, EventKind.VERIFIED)
    item = item_of(Step.NOTIFY)

    counts = [Notify().write(item, None, bench) for _ in range(2)]

    notice = Notice.objects.get(key=f"round-{item.round_id}")
    assert notice.user == rssi
    assert notice.text == (
        "Ronde terminée : 2 faiblesses nouvelles, 1 faiblesse revenue, 1 correction vérifiée."
    )
    assert counts == [{"told": 1}, {"told": 0}]
    [grave] = Notice.objects.exclude(pk=notice.pk)
    assert grave.text.startswith("3 expositions graves nouvelles ou revenues (0 revenues)")
    assert [mail.to for mail in Mail.objects.all()] == [rssi.email, rssi.email]


@pytest.mark.parametrize("role", [Role.DIRECTOR, Role.TRAINER, Role.MINISTRY])
def test_who_plans_nothing_hears_nothing(
    role: Role, site: Node, item_of: Callable[[Step], Item], bench: Workbench
) -> None:
    make_user(role, site)
    happen(site, EventKind.SEEN)

    assert Notify().write(item_of(Step.NOTIFY), None, bench) == {"told": 0}


def test_a_neighbour_hears_nothing_and_nothing_new_is_not_told(
    site: Node, item_of: Callable[[Step], Item], bench: Workbench
) -> None:
    make_user(Role.RSSI, make_site("CH voisin"))
    make_user(Role.RSSI, site)
    item = item_of(Step.NOTIFY)

    assert Notify().write(item, None, bench) == {"told": 0}
    happen(site, EventKind.SEEN)
    assert Notify().write(item, None, bench) == {"told": 1}
