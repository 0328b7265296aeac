"""The switches of the lab: each weakness is broken, fixed or down.

They live in ``<home>/lab/state.json``. Servers read it again at each connection, so what
``hygie lab fix NAME`` writes is what the next probe sees, whichever process serves.
"""

from __future__ import annotations

import json
import os
import tempfile
from typing import TYPE_CHECKING

from hygie.lab.network import State, load_network
from hygie.vocabulary.errors import InputError, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

_MAX_BYTES = 100_000


class UnknownWeaknessError(UsageError):
    """No switch has this name."""


class Switchboard:
    """The switches under one home.

    Args:
        home: HYGIE_HOME; its ``lab`` folder is made on the first write.
        names: the weaknesses that exist, those of the lab when not given.
    """

    def __init__(self, home: Path, names: Iterable[str] | None = None) -> None:
        self._path = home / "lab" / "state.json"
        self._names = tuple(names or (w.name for w in load_network().weaknesses))

    def states(self) -> dict[str, State]:
        """Return the state of every weakness; what nobody has touched is broken.

        Raises:
            InputError: if the file is not what this class writes.
        """
        return dict.fromkeys(self._names, State.BROKEN) | self._written()

    def state_of(self, name: str) -> State:
        """Return the state of one weakness.

        Raises:
            UnknownWeaknessError: if no weakness has this name.
            InputError: if the file is not what this class writes.
        """
        self._check(name)
        return self._written().get(name, State.BROKEN)

    def turn(self, name: str, state: State) -> None:
        """Put one weakness into a state, for every process that serves this home.

        Raises:
            UnknownWeaknessError: if no weakness has this name.
            InputError: if the file is not what this class writes.
        """
        self._check(name)
        write_json(self._path, self._written() | {name: state})

    def reset(self) -> None:
        """Break everything again."""
        self._path.unlink(missing_ok=True)

    def _check(self, name: str) -> None:
        if name not in self._names:
            raise UnknownWeaknessError(
                f"faiblesse inconnue : « {name[:60]} » ; « hygie lab list » donne les noms"
            )

    def _written(self) -> dict[str, State]:
        try:
            with self._path.open("rb") as file:
                document = json.loads(file.read(_MAX_BYTES))
            return {name: State(state) for name, state in document.items() if name in self._names}
        except FileNotFoundError:
            return {}
        except (ValueError, AttributeError, RecursionError) as error:
            raise InputError(
                "fichier d’interrupteurs illisible ; « hygie lab reset » le remet à neuf",
                source=self._path.name,
            ) from error


def write_json(path: Path, document: object) -> None:
    """Write a document so that a reader sees the old one or the new one, whole."""
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        json.dump(document, file, ensure_ascii=False, indent=1)
    os.replace(name, path)  # noqa: PTH105 - mkstemp gives a name
