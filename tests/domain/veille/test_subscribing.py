from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from tests.domain.places import NOW, make_site, make_user
from tests.domain.veille.test_concerning import advisory
from tests.domain.veille.test_declaring import FLAW, flaw

from hygie.domain.outbox.models import Mail
from hygie.domain.people.models import Notice, User
from hygie.domain.territory.models import Node
from hygie.domain.veille.models import Advisory, Subscription
from hygie.domain.veille.subscribing import (
    SubscriptionError,
    Wish,
    is_quiet,
    subscribe,
    subscription_of,
    tell_stream,
)
from hygie.vocabulary.enums import Role

pytestmark = pytest.mark.django_db

HOUR = dt.timedelta(hours=1)
ARRIVAL = Wish("arrival", "concerned", from_hour=0, to_hour=0)


def came(*cves: str, at: dt.datetime = NOW, **fields: object) -> Advisory:
    made = advisory(*cves)
    Advisory.objects.filter(pk=made.pk).update(changed_at=at, updated_on=at.date(), **fields)
    return Advisory.objects.get(pk=made.pk)


def reader(wish: Wish | None = ARRIVAL) -> tuple[User, Node]:
    site = make_site()
    user = make_user(Role.RSSI, site)
    if wish:
        subscribe(user, wish, now=NOW - HOUR)
    flaw(site)
    return user, site


def texts(user: User) -> list[str]:
    return list(Notice.objects.filter(user=user).order_by("pk").values_list("text", flat=True))


def test_what_concerns_is_told_once_with_one_mail() -> None:
    user, _ = reader()
    about = came(FLAW)

    assert len(tell_stream(now=NOW)) == 1
    assert tell_stream(now=NOW) == []
    assert tell_stream(now=NOW + HOUR) == []

    assert texts(user) == [f"Veille : 1 avis vous concerne ({about.reference})."]
    assert Mail.objects.filter(to=user.email).count() == 1


def test_a_revision_is_told_again_and_only_it() -> None:
    user, _ = reader()
    about = came(FLAW)
    tell_stream(now=NOW)
    Advisory.objects.filter(pk=about.pk).update(changed_at=NOW + HOUR)
    tell_stream(now=NOW + 2 * HOUR)

    assert len(texts(user)) == 2


def test_what_concerns_somebody_else_is_not_told() -> None:
    user, _ = reader()
    came("CVE-2099-0009")

    assert tell_stream(now=NOW) == []
    assert texts(user) == []


def test_who_wants_all_is_told_of_all() -> None:
    user, _ = reader(replace(ARRIVAL, breadth="all"))
    came(FLAW)
    came("CVE-2099-0009")
    tell_stream(now=NOW)

    [text] = texts(user)
    assert text.endswith("1 autre.")


def test_history_wakes_nobody() -> None:
    user, _ = reader()
    old = came(FLAW)
    Advisory.objects.filter(pk=old.pk).update(updated_on=dt.date(2020, 1, 1))

    assert tell_stream(now=NOW) == []
    assert texts(user) == []


def test_a_day_of_news_is_one_digest() -> None:
    user, _ = reader(replace(ARRIVAL, pace="daily"))
    came(FLAW)
    assert tell_stream(now=NOW) == []
    came(FLAW, at=NOW + 10 * HOUR)

    assert len(tell_stream(now=NOW + 20 * HOUR)) == 1
    assert texts(user)[0].startswith("Veille : 2 avis vous concernent")


def test_quiet_hours_make_it_wait_and_lose_nothing() -> None:
    wish = replace(ARRIVAL, from_hour=8, to_hour=12)  # NOW is 10:30 in Paris
    user, _ = reader(wish)
    came(FLAW)

    assert tell_stream(now=NOW) == []
    assert len(tell_stream(now=NOW + 2 * HOUR)) == 1
    assert len(texts(user)) == 1


def test_who_wants_nothing_is_told_nothing() -> None:
    user, _ = reader(replace(ARRIVAL, pace="never"))
    came(FLAW)

    assert tell_stream(now=NOW) == []
    assert texts(user) == []


def test_who_plans_repairs_gets_the_daily_digest_without_asking() -> None:
    user, _ = reader(None)
    came(FLAW)

    assert len(tell_stream(now=NOW)) == 1
    assert Subscription.objects.get(user=user).pace == "daily"


@pytest.mark.parametrize(
    ("start", "end", "zone", "quiet"),
    [
        (20, 8, "Europe/Paris", False),
        (10, 11, "Europe/Paris", True),
        (20, 11, "Europe/Paris", True),
        (0, 0, "Europe/Paris", False),
        (20, 8, "America/Cayenne", True),
    ],
)
def test_silence_follows_the_clock_of_the_person(
    start: int,
    end: int,
    zone: str,
    quiet: bool,  # noqa: FBT001 - a value of the test
) -> None:
    asked = Subscription(from_hour=start, to_hour=end, time_zone=zone)

    assert is_quiet(asked, NOW) is quiet


@pytest.mark.parametrize(
    "change",
    [
        {"pace": "parfois"},
        {"breadth": "x"},
        {"kinds": ("x",)},
        {"from_hour": 24},
        {"time_zone": "Europe/Atlantide"},
    ],
)
def test_a_wish_that_makes_no_sense_is_refused(change: dict[str, object]) -> None:
    user = make_user(Role.RSSI, make_site())

    with pytest.raises(SubscriptionError):
        subscribe(user, replace(ARRIVAL, **change), now=NOW)  # type: ignore[arg-type]


def test_a_wish_may_change_and_the_mark_stays() -> None:
    user = make_user(Role.RSSI, make_site())
    assert subscription_of(user, now=NOW).pk is None

    subscribe(user, ARRIVAL, now=NOW)
    subscribe(user, replace(ARRIVAL, pace="weekly"), now=NOW + HOUR)

    kept = subscription_of(user, now=NOW)
    assert (kept.pace, kept.digest_at) == ("weekly", NOW)
