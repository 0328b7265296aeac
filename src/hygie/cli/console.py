"""How the command line speaks: French by default, data on stdout, diagnostics on stderr."""

from __future__ import annotations

import gettext
import json
import sys
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from rich.console import Console

from hygie.vocabulary.errors import UsageError

if TYPE_CHECKING:
    from hygie.vocabulary.errors import HygieError

_LOCALES = Path(__file__).resolve().parent.parent / "locale"
_language = "fr"


def choose_language(language: str) -> None:
    """Speak ``fr`` or ``en`` from here on.

    Raises:
        UsageError: for any other language.
    """
    if language not in ("fr", "en"):
        raise UsageError(f"langue inconnue : {language} ; choisissez fr ou en")
    global _language  # noqa: PLW0603 - one process, one terminal, one language
    _language = language


def language() -> Literal["fr", "en"]:
    """Return the language spoken."""
    return "en" if _language == "en" else "fr"


def _(message: str) -> str:
    """Return the message in the chosen language; msgids are French."""
    return _catalogue(_language).gettext(message)


@cache
def _catalogue(language: str) -> gettext.NullTranslations:
    return gettext.translation("django", _LOCALES, languages=[language], fallback=True)


def out() -> Console:
    """Return the console of results; plain when stdout is not a terminal."""
    return Console(file=sys.stdout, highlight=False, soft_wrap=not sys.stdout.isatty())


def err() -> Console:
    """Return the console of diagnostics and progress."""
    return Console(file=sys.stderr, highlight=False)


def print_json(value: Any) -> None:  # noqa: ANN401 - anything JSON can write
    """Write one JSON document on stdout, UTF-8, keys in the order given."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False, indent=2) + "\n")


def complain(error: HygieError) -> None:
    """Write the one line that explains an error on stderr."""
    line = " ".join(str(error).split())
    err().print(f"[bold red]{_('Erreur')}[/] : ", end="")
    err().print(line, markup=False, soft_wrap=True)
