"""The last good copy of a document, and what a cut transfer left to resume.

Beside ``name``: ``.name.json`` says where it came from and when; ``.name.part`` and
``.name.part.json`` are a transfer that was cut. A copy is replaced in one rename.
"""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from pathlib import Path

_STATE_MAX_BYTES: Final = 64 * 1024


@dataclass(frozen=True, slots=True)
class Origin:
    """Where bytes came from.

    Attributes:
        url: address asked.
        etag: as the server gave it, empty when it gave none.
        last_modified: same.
        checked_at: ISO UTC time at which the server last said that this is current.
        fetched_at: ISO UTC time of the transfer.
    """

    url: str
    etag: str = ""
    last_modified: str = ""
    checked_at: str = ""
    fetched_at: str = ""

    @property
    def validator(self) -> str:
        """What ``If-Range`` may carry: a strong ETag, else the date; empty when neither."""
        strong = self.etag if not self.etag.startswith("W/") else ""
        return strong or self.last_modified

    def age(self, now: dt.datetime) -> dt.timedelta | None:
        """Return the time since it was known to be current, None when never."""
        try:
            return now - dt.datetime.fromisoformat(self.checked_at)
        except (ValueError, TypeError):
            return None


class Copy:
    """One document in a folder.

    Args:
        folder: where copies lie.
        name: simple file name.
    """

    def __init__(self, folder: Path, name: str) -> None:
        self.path = folder / name
        self.part = folder / f".{name}.part"
        self._origin = folder / f".{name}.json"
        self._part_origin = folder / f".{name}.part.json"

    def origin(self, url: str) -> Origin | None:
        """Return where the copy came from; None when there is none from this address."""
        return _read(self._origin, url) if self.path.exists() else None

    def resumable(self, url: str) -> tuple[int, Origin] | None:
        """Return how many bytes a cut transfer left, and of what; None when it cannot go on."""
        origin = _read(self._part_origin, url) if self.part.exists() else None
        size = self.part.stat().st_size if origin else 0
        return (size, origin) if origin and size and origin.validator else None

    def begin(self, origin: Origin) -> None:
        """Note of what the coming bytes are."""
        self.part.parent.mkdir(parents=True, exist_ok=True)
        _write(self._part_origin, origin)

    def keep(self, origin: Origin) -> None:
        """Put the finished transfer in place of the last good copy."""
        self.part.replace(self.path)
        _write(self._origin, origin)
        self._part_origin.unlink(missing_ok=True)

    def still_current(self, origin: Origin) -> None:
        """Note that the server says the copy is current."""
        _write(self._origin, origin)

    def drop_part(self) -> None:
        """Forget a transfer that cannot be used."""
        self.part.unlink(missing_ok=True)
        self._part_origin.unlink(missing_ok=True)


def _read(path: Path, url: str) -> Origin | None:
    try:
        with path.open("rb") as file:
            found = Origin(**json.loads(file.read(_STATE_MAX_BYTES)))
    except (OSError, ValueError, TypeError, RecursionError):
        return None
    whole = all(isinstance(value, str) for value in asdict(found).values())
    return found if whole and found.url == url else None


def _write(path: Path, origin: Origin) -> None:
    beside = path.with_name(f"{path.name}.new")
    beside.write_text(json.dumps(asdict(origin)), encoding="utf-8")
    beside.replace(path)
