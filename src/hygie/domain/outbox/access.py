"""The door to e-mails: they hold people's addresses, and are for who runs the platform."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404

from hygie.domain.outbox.models import Mail
from hygie.domain.people.access import may
from hygie.domain.people.roles import Permission
from hygie.domain.territory.models import Kind, Node

if TYPE_CHECKING:
    from hygie.domain.people.scope import Asker


def runs_platform(user: Asker) -> bool:
    """Tell whether ``user`` administers the whole platform."""
    nation = Node.objects.filter(kind=Kind.NATION).first()
    return nation is not None and may(user, Permission.TERRITORY_IMPORT, nation.pk)


def mail_for(user: Asker, mail_id: int) -> Mail:
    """Return the e-mail.

    Raises:
        Http404: if it does not exist or ``user`` does not run the platform.
    """
    mail = Mail.objects.filter(pk=mail_id).first() if runs_platform(user) else None
    if mail is None:
        raise Http404
    return mail
