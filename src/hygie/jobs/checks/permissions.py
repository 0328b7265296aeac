"""Who else on this machine may read the state or the secret key."""

from __future__ import annotations

import os
import stat
from typing import TYPE_CHECKING, Final

from hygie.jobs.checks.check import Check, Status

if TYPE_CHECKING:
    from pathlib import Path

_OTHERS: Final = 0o077


def check_home(home: Path) -> Check:
    """Make sure that only its owner enters ``home``, and that we are that owner."""
    name, title = "permissions.home", "Dossier de l’état"
    found = home.stat()
    mode = stat.S_IMODE(found.st_mode)
    if found.st_uid != os.geteuid():
        return Check(
            name, title, Status.BROKEN, f"{home} appartient à un autre compte",
            f"Lancez Hygie sous ce compte, ou : chown -R $(id -u) {home}",
        )  # fmt: skip
    if mode & _OTHERS:
        return Check(
            name, title, Status.BROKEN, f"{home} est ouvert à d’autres comptes ({mode:04o})",
            f"chmod 0700 {home}",
        )  # fmt: skip
    return Check(name, title, Status.GOOD, f"{home} ({mode:04o})")


def check_secret_file(home: Path) -> Check:
    """Make sure that only its owner reads the secret key kept in ``home``."""
    name, title = "permissions.secret", "Fichier de la clé secrète"
    path = home / "secret-key"
    try:
        mode = stat.S_IMODE(path.stat().st_mode)
    except FileNotFoundError:
        return Check(name, title, Status.GOOD, "aucun : la clé vient de l’environnement")
    if mode & _OTHERS:
        return Check(
            name, title, Status.BROKEN, f"lisible par d’autres comptes ({mode:04o})",
            f"chmod 0600 {path} ; puis supprimez-le et redémarrez s’il a pu être lu.",
        )  # fmt: skip
    return Check(name, title, Status.GOOD, f"{mode:04o}")
