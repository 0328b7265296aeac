"""The errors every part of Hygie speaks: one tree, one line each, what to do next."""

from __future__ import annotations

from typing import Final

_BLANKS: Final = "\u00a0\u202f"  # that French puts before its signs


class HygieError(Exception):
    """Anything Hygie can explain; ``str(error)`` is one line that says what to do.

    ``exit_code`` is what the command line returns: 2 bad use, 3 bad input.
    """

    exit_code: int = 2


class UsageError(HygieError):
    """The request itself is off: an unknown name, two options that exclude each other."""


class InputError(HygieError):
    """A file or a document cannot be read as what it claims to be.

    Args:
        message: what is wrong and what to do, in French, one line.
        source: name of the file or feed, without its folder.
        line: 1-based line or row number where it goes wrong.
        place: a path inside a document, such as ``components[3].version``.
    """

    exit_code = 3

    def __init__(
        self,
        message: str,
        *,
        source: str | None = None,
        line: int | None = None,
        place: str | None = None,
    ) -> None:
        self.message = _on_one_line(message)
        self.source = source
        self.line = line
        self.place = place and _on_one_line(place)
        super().__init__(self._as_line())

    def _as_line(self) -> str:
        where = [self.source] if self.source else []
        if self.line is not None:
            where.append(f"ligne {self.line}")
        if self.place:
            where.append(self.place)
        prefix = ", ".join(where)
        return f"{prefix} : {self.message}" if prefix else self.message


def _on_one_line(text: str) -> str:
    """Documents are quoted as they are: what would break the line, or steer a terminal, is ?."""
    return "".join(c if c.isprintable() or c in _BLANKS else "?" for c in text)


class TooLargeError(InputError):
    """The input passes a bound that protects memory or time."""
