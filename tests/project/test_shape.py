"""The project itself: rooms stay small, every module has its test, nothing lies about."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "hygie"
MODULES = sorted(path for path in SOURCE.rglob("*.py") if "migrations" not in path.parts)
LONGEST = 320

WITHOUT_LOGIC = {"__init__.py", "apps.py", "models.py", "urls.py", "wsgi.py", "__main__.py"}
"""Declarations: used, hence tested, by everything around them."""


def name_of(path: Path) -> str:
    return str(path.relative_to(SOURCE))


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_a_module_can_be_held_in_the_head(path: Path) -> None:
    assert len(path.read_text().splitlines()) <= LONGEST


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_a_module_says_what_it_is(path: Path) -> None:
    text = path.read_text()

    assert not text.strip() or text.lstrip().startswith(('"""', 'r"""'))
    assert not re.search(r"#.*\b(TODO|FIXME|XXX)\b", text)


def test_every_module_has_a_test() -> None:
    tests = [path.read_text() for path in (ROOT / "tests").rglob("*.py")]
    imported = {name for text in tests for name in imported_by(text)}
    orphans = [
        name_of(path)
        for path in MODULES
        if path.name not in WITHOUT_LOGIC
        and module_of(path) not in imported
        and not mirror_of(path).exists()
    ]

    assert not orphans


def mirror_of(path: Path) -> Path:
    """Return where the test of a module lies; commands are run by name, not imported."""
    inside = path.relative_to(SOURCE)
    return ROOT / "tests" / inside.with_name(f"test_{inside.name}")


def imported_by(text: str) -> set[str]:
    """Return every module of ours that a test names, packages of it included."""
    names = set(re.findall(r"hygie(?:\.\w+)+", text))
    statement = r"from (hygie(?:\.\w+)*) import (\([^)]*\)|[^\n]*)"
    for package, rest in re.findall(statement, text):
        names |= {f"{package}.{name}" for name in re.findall(r"\w+", rest)}
    return {".".join(name.split(".")[:depth]) for name in names for depth in range(2, 7)}


def module_of(path: Path) -> str:
    return ".".join(("hygie", *path.relative_to(SOURCE).with_suffix("").parts))


def test_every_template_is_used() -> None:
    everything = "\n".join(
        path.read_text()
        for kind in ("*.py", "*.html", "*.txt")
        for path in (SOURCE / "web").rglob(kind)
    )
    folder = SOURCE / "web" / "templates"
    unused = [
        name
        for path in folder.rglob("*.html")
        # allauth, dsfr and Django ask for theirs by themselves.
        if not (name := str(path.relative_to(folder))).startswith(
            (
                "account/",
                "mfa/",
                "socialaccount/",
                "allauth/",
                "dsfr/",
                "django/",
                "404",
                "403",
                "400",
                "500",
            )
        )
        and name not in everything
        and f'"{path.stem}"' not in everything  # chosen by a table, such as the home of a role
    ]

    assert not unused


def test_no_requirement_names_an_index() -> None:
    for path in (ROOT / "requirements").iterdir():
        assert "://" not in path.read_text(), path.name


def test_the_lock_of_the_tool_is_not_committed() -> None:
    assert "uv.lock" in (ROOT / ".gitignore").read_text().split()
