"""Who is told of the stream, of what, how often, and never during quiet hours.

A person is told of each change once: ``digest_at`` moves forward in the transaction that leaves
the notice, and the notice's key names the span told, so that two processes make one notice.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo, available_timezones

from django.db import transaction
from django.utils import timezone

from hygie.domain.outbox.actions import queue_notices
from hygie.domain.people.actions import tell
from hygie.domain.people.models import User
from hygie.domain.people.roles import Permission, roles_with
from hygie.domain.veille.concerning import Answer, concerns
from hygie.domain.veille.models import Advisory, AdvisoryKind, Subscription
from hygie.vocabulary.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from hygie.domain.outbox.models import Mail

FRESH: Final = dt.timedelta(days=7)
"""An advisory last updated before is history when it comes, and nobody is woken for it."""

TOLD_MAX: Final = 300
_NAMED: Final = 3
_SPANS: Final = {
    Subscription.Pace.ARRIVAL: dt.timedelta(0),
    Subscription.Pace.DAILY: dt.timedelta(hours=20),
    Subscription.Pace.WEEKLY: dt.timedelta(days=6, hours=20),
}


class SubscriptionError(UsageError):
    """What is asked of a subscription does not hold."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What a person asks for; see Subscription."""

    pace: str
    breadth: str
    kinds: tuple[str, ...] = ()
    from_hour: int = 20
    to_hour: int = 8
    time_zone: str = "Europe/Paris"


def subscription_of(user: User, *, now: dt.datetime) -> Subscription:
    """Return what ``user`` asked for, or what everybody gets: a daily digest, unsaved."""
    kept = Subscription.objects.filter(user=user).first()
    return kept or Subscription(user=user, digest_at=now)


def subscribe(user: User, wish: Wish, *, now: dt.datetime) -> Subscription:
    """Keep what a person asks for; nothing that came before is told again.

    Raises:
        SubscriptionError: if a value is not one of the choices.
    """
    pace, breadth = Subscription.Pace.values, Subscription.Breadth.values
    if wish.pace not in pace or wish.breadth not in breadth:
        raise SubscriptionError("choisissez un rythme et une étendue dans les listes")
    if any(kind not in AdvisoryKind.values for kind in wish.kinds):
        raise SubscriptionError("une source choisie n’existe pas")
    hours = (wish.from_hour, wish.to_hour)
    if not all(0 <= hour <= 23 for hour in hours):  # noqa: PLR2004 - hours of a day
        raise SubscriptionError("les heures vont de 0 à 23")
    if wish.time_zone not in available_timezones():
        raise SubscriptionError("ce fuseau horaire n’existe pas")
    values = {
        "pace": wish.pace,
        "breadth": wish.breadth,
        "kinds": list(wish.kinds),
        "from_hour": wish.from_hour,
        "to_hour": wish.to_hour,
        "time_zone": wish.time_zone,
    }
    made, _ = Subscription.objects.update_or_create(
        user=user, defaults=values, create_defaults={**values, "digest_at": now}
    )
    return made


def is_quiet(subscription: Subscription, now: dt.datetime) -> bool:
    """Tell whether the person asked for silence at this time, where they are."""
    start, end = subscription.from_hour, subscription.to_hour
    hour = now.astimezone(ZoneInfo(subscription.time_zone)).hour
    if start == end:
        return False
    return start <= hour < end if start < end else hour >= start or hour < end


def tell_stream(*, now: dt.datetime) -> list[Mail]:
    """Leave their digest to those whose time has come; returns the e-mails to send."""
    newest = Advisory.objects.order_by("-changed_at").values_list("changed_at", flat=True).first()
    if newest is None:
        return []
    _subscribe_everybody(now)
    rows = Subscription.objects.exclude(pace=Subscription.Pace.NEVER).filter(user__is_active=True)
    waiting = rows.filter(digest_at__lt=newest).order_by("pk").values_list("pk", flat=True)
    return [mail for pk in list(waiting) for mail in _tell(pk, now)]


def _subscribe_everybody(now: dt.datetime) -> None:
    """Give those who plan repairs the default digest, once; they may change it."""
    today = timezone.localdate(now)
    planners = User.objects.filter(
        is_active=True,
        is_service=False,
        veille_subscription=None,
        grants__role__in=roles_with(Permission.FINDING_PLAN),
        grants__valid_from__lte=today,
        grants__valid_to__gt=today,
    ).distinct()
    Subscription.objects.bulk_create(
        [Subscription(user=user, digest_at=now - FRESH) for user in planners],
        batch_size=500,
        ignore_conflicts=True,
    )


def _tell(pk: int, now: dt.datetime) -> list[Mail]:
    """Move one person's mark, leave the notice and queue its e-mail, all or nothing."""
    with transaction.atomic():
        mine = Subscription.objects.select_for_update().select_related("user").get(pk=pk)
        span = _SPANS[Subscription.Pace(mine.pace)]
        if now - mine.digest_at < span or is_quiet(mine, now):
            return []
        since = mine.digest_at
        mine.digest_at = now
        mine.save(update_fields=["digest_at"])
        text = _digest(mine, since, now)
        key = f"veille-{mine.user_id}-{since:%Y%m%dT%H%M%S%f}"
        if not text or not tell([mine.user], key=key, text=text, link="/veille/", now=now):
            return []
        return queue_notices(key, now=now)


def _digest(mine: Subscription, since: dt.datetime, now: dt.datetime) -> str:
    fresh = (now - FRESH).date()
    rows = Advisory.objects.filter(changed_at__gt=since, changed_at__lte=now, updated_on__gte=fresh)
    if mine.kinds:
        rows = rows.filter(kind__in=mine.kinds)
    found = list(rows.order_by("-updated_on", "-pk")[:TOLD_MAX])
    answers = concerns(mine.user, found)
    told = list(_parts(mine, found, {pk: one.answer for pk, one in answers.items()}))
    return f"Veille : {', '.join(told)}." if told else ""


def _parts(
    mine: Subscription, found: Sequence[Advisory], answers: dict[int, Answer]
) -> Iterator[str]:
    ours = [one for one in found if answers[one.pk] is Answer.CONCERNED]
    perhaps = [one for one in found if answers[one.pk] is Answer.PERHAPS]
    if ours:
        verb = "avis vous concerne" if len(ours) == 1 else "avis vous concernent"
        yield f"{len(ours)} {verb} ({_names(ours)})"
    if perhaps and mine.breadth != Subscription.Breadth.CONCERNED:
        yield f"{len(perhaps)} peut-être ({_names(perhaps)})"
    others = len(found) - len(ours) - len(perhaps)
    if others and mine.breadth == Subscription.Breadth.ALL:
        yield f"{others} {'autre' if others == 1 else 'autres'}"


def _names(found: Sequence[Advisory]) -> str:
    names = ", ".join(one.reference for one in found[:_NAMED])
    return names if len(found) <= _NAMED else f"{names}…"
