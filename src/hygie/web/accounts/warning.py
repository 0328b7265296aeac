"""What an account is written about itself: its links, and what was done to it, by the outbox.

No page waits for a mail server, and none fails because one is down: a row says what is to be
sent, and workers send it, again if need be. Warnings bear no link, so that nobody learns to
follow one; a demonstration account, which is everybody's, is told nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from hygie.domain.outbox.actions import queue_notices
from hygie.domain.outbox.letters import queue_letter
from hygie.domain.people import actions, queries, sessions
from hygie.jobs.backend import backend
from hygie.web.moments import moment

if TYPE_CHECKING:
    import datetime as dt

    from hygie.domain.outbox.letters import Letter
    from hygie.domain.people.models import User

_SIGN_IN: Final = "sign-in-"

_WORDS: Final = {
    "password.changed": _("Votre mot de passe a été changé"),
    "password.reset": _("Votre mot de passe a été choisi de nouveau"),
    "second_factor.added": _("Un second facteur a été ajouté à votre compte"),
    "second_factor.forgotten": _("L’administration a effacé votre second facteur"),
    "second_factor.removed": _("Un second facteur a été retiré de votre compte"),
    "second_factor.reset": _("Vos codes de secours ont été refaits"),
    "identity.linked": _("Une identité a été reliée à votre compte"),
    "identity.unlinked": _("Une identité a été déliée de votre compte"),
}
"""Actions of the journal that their account hears of."""


def send_letter(letter: Letter, *, ends_at: dt.datetime, now: dt.datetime) -> None:
    """Have an e-mail with a link sent, as long as the link opens something."""
    with transaction.atomic():
        backend().post([queue_letter(letter, ends_at=ends_at, now=now)])


def warn(user: User, action: str) -> None:
    """Tell somebody that something which opens their account changed."""
    if user.is_demo or action not in _WORDS:
        return
    now = timezone.now()
    text = _("{what}, le {at}. Ce n’est pas vous ? Appelez votre administrateur.")
    _tell(
        user,
        f"{action}-{user.pk}-{now.isoformat()}",
        str(text).format(what=_WORDS[action], at=moment(now)),
        now=now,
    )


def warn_of_sign_in(user: User, *, agent: str, address: str) -> None:
    """Tell somebody, once, of a sign-in by a browser or from a network never seen before.

    The notices themselves are the memory. The first of an account is kept and not sent: it comes
    from who has just accepted an invitation.
    """
    if user.is_demo:
        return
    now, seen = timezone.now(), sessions.whence(agent, address)
    text = _(
        "Nouvelle connexion à votre compte, le {at} : {where}. Ce n’est pas vous ? Changez "
        "votre mot de passe et appelez votre administrateur."
    )
    told = str(text).format(at=moment(now), where=seen.words or _("navigateur inconnu"))
    own = f"{_SIGN_IN}{user.pk}-"
    if queries.was_told(user, own):
        _tell(user, f"{own}{seen.key}", told, now=now)
    else:
        actions.keep_as_told(user, key=f"{own}{seen.key}", text=told, now=now)


def _tell(user: User, key: str, text: str, *, now: dt.datetime) -> None:
    with transaction.atomic():
        if actions.tell([user], key=key, text=text, now=now):
            backend().post(queue_notices(key, now=now))
