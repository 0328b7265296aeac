"""Room left where Hygie keeps its state."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Final

from hygie.jobs.checks.check import Check, Status

if TYPE_CHECKING:
    from pathlib import Path

BROKEN_BYTES: Final = 500 * 1024**2
WARNING_BYTES: Final = 5 * 1024**3
_NAME: Final = "disk.space"
_TITLE: Final = "Place sur le disque"


def check_disk(home: Path) -> Check:
    """Measure the file system of ``home``."""
    try:
        free = shutil.disk_usage(home).free
    except OSError as error:
        return Check(
            _NAME, _TITLE, Status.BROKEN, f"{home} : {error.strerror}",
            "Créez ce dossier ou corrigez HYGIE_HOME.",
        )  # fmt: skip
    return judge_space(free, home)


def judge_space(free_bytes: int, home: Path) -> Check:
    """Return what so much room means: a full disk stops every write."""
    said = f"{free_bytes / 1024**3:.1f} Gio libres sous {home}".replace(".", ",", 1)
    remedy = "Faites de la place ou agrandissez le volume : plein, il arrête toute écriture."
    if free_bytes < BROKEN_BYTES:
        return Check(_NAME, _TITLE, Status.BROKEN, said, remedy)
    if free_bytes < WARNING_BYTES:
        return Check(_NAME, _TITLE, Status.WARNING, said, remedy)
    return Check(_NAME, _TITLE, Status.GOOD, said)
