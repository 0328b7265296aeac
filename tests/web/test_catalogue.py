"""The catalogues are whole: what a screen or the terminal says in French exists in English."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from babel.messages.pofile import read_po
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext, ngettext, pgettext
from django.utils.translation.template import templatize

import hygie

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from babel.messages.catalog import Catalog, Message
    from django.test import Client
    from tests.web.world import World

PACKAGE = Path(hygie.__file__).parent
XGETTEXT = shutil.which("xgettext")
KEYWORDS = ("gettext_noop", "gettext_lazy", "ngettext_lazy:1,2", "pgettext:1c,2")
HOLE = re.compile(r"%\(\w+\)[sd]|\{\w*(?::[^}]*)?\}")


def catalogue(language: str) -> Catalog:
    with (PACKAGE / "locale" / language / "LC_MESSAGES" / "django.po").open("rb") as file:
        return read_po(file, locale=language)


def messages(found: Catalog) -> Iterator[Message]:
    return (message for message in found if message.id)


def forms(text: str | tuple[str, ...] | list[str]) -> tuple[str, ...]:
    return (text,) if isinstance(text, str) else tuple(text)


def test_everything_is_in_english_and_nothing_is_a_guess() -> None:
    missing = [
        message.id
        for message in messages(catalogue("en"))
        if message.fuzzy or not all(forms(message.string))
    ]

    assert missing == []


def test_english_fills_the_same_holes() -> None:
    wrong = [
        message.id
        for message in messages(catalogue("en"))
        if set(HOLE.findall(forms(message.id)[-1])) != set(HOLE.findall(forms(message.string)[-1]))
    ]

    assert wrong == []


def test_french_knows_each_plural() -> None:
    wanted = {message.id for message in messages(catalogue("en")) if len(forms(message.id)) > 1}
    known = {message.id for message in messages(catalogue("fr")) if all(forms(message.string))}

    assert wanted <= known


def test_zero_is_singular_in_french_and_plural_in_english() -> None:
    def say(count: int) -> str:
        return ngettext("%(n)s constat", "%(n)s constats", count) % {"n": count}

    with translation.override("fr"):
        assert [say(0), say(1), say(2)] == ["0 constat", "1 constat", "2 constats"]
    with translation.override("en"):
        assert [say(0), say(1), say(2)] == ["0 findings", "1 finding", "2 findings"]


def test_no_french_word_is_translated_by_a_library() -> None:
    """A library's English word may look like ours: its catalogue would change our screens."""
    with translation.override("fr"):
        changed = [
            message.id
            for message in messages(catalogue("en"))
            if isinstance(message.id, str)
            and message.id
            != (pgettext(message.context, message.id) if message.context else gettext(message.id))
        ]

    assert changed == []


@pytest.mark.skipif(XGETTEXT is None, reason="xgettext absent: apt install gettext")
def test_every_message_of_the_sources_is_in_the_catalogue(tmp_path: Path) -> None:
    names = [str(name) for name in extractable(tmp_path)]
    subprocess.run(
        [
            str(XGETTEXT), "-L", "Python", "--from-code=UTF-8", "-k_",
            *(f"--keyword={word}" for word in KEYWORDS),
            "-o", "found.pot", *names,
        ],
        cwd=tmp_path,
        check=True,
        capture_output=True,
    )  # fmt: skip
    template = (tmp_path / "found.pot").read_text()
    for blank, value in (("CHARSET", "UTF-8"), ("INTEGER", "2"), ("EXPRESSION", "n != 1")):
        template = template.replace(blank, value, 1)
    read = read_po(io.StringIO(template))
    found = {(message.id, message.context) for message in messages(read)}
    known = {(message.id, message.context) for message in messages(catalogue("en"))}

    assert found - known == set()


def extractable(folder: Path) -> Iterator[str]:
    """Write what xgettext reads: Python as it is, templates as Django rewrites them."""
    sources = [*PACKAGE.rglob("*.py"), *PACKAGE.rglob("templates/**/*.html")]
    for number, path in enumerate(sources):
        text = path.read_text()
        if path.suffix == ".html":
            text = templatize(text, origin=str(path))
        name = f"{number}.py"
        (folder / name).write_text(text)
        yield name


def test_a_page_in_english_says_no_french(world: World, sign_in: Callable[[str], Client]) -> None:
    client = sign_in("rssi")
    client.post(reverse("language"), {"language": "en", "next": "/"})

    home = client.get("/").content.decode()
    finding = client.get(reverse("finding", args=[world.findings["own.late"].pk])).content.decode()

    assert "3 things to do first" in home
    assert "Attackers already use this flaw." in home
    assert "Outdated TLS versions" in finding or "TLS" in finding
    assert "What to do" in finding
    for word in ("Quoi faire", "Échéance", "Constats", "Pourquoi", "majeure"):
        assert word not in home + finding
