"""A version of the grading policy that states only what changes from the version before.

``extends`` names the earlier version; ``adds`` and ``replaces`` hold rules, ``withdraws`` their
ids, ``sources`` what they cite. What a version changed can then be read at a glance, and the
earlier one stays as it was, to replay the grades given by it.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from hygie.referentials.reading import version_of
from hygie.referentials.section import Section

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hygie.referentials.reading import Document

_KEYS: Final = ("extends", "adds", "replaces", "withdraws", "sources")
LAYERS_MAX: Final = 20


def whole(document: Document, documents: Iterable[Document], *, depth: int = 0) -> Document:
    """Return the document with everything that it takes over from the version it extends.

    Raises:
        ReferentialError: if that version is absent or later, if a rule that is replaced or
            withdrawn is not in it, or if one that is added is already there.
    """
    body = document.content
    if not body.has("extends"):
        return document
    body.only(*_KEYS)
    known = list(documents)
    base = version_of(known, document.id, body.text("extends"))
    if base.valid_from >= document.valid_from or depth >= LAYERS_MAX:
        raise body.error("extends", "une version ne complète qu’une version antérieure")
    earlier = whole(base, known, depth=depth + 1).content
    sources: dict[str, object] = {**earlier.section("sources").content, **_part(body, "sources")}
    content: dict[str, object] = {
        **earlier.content,
        "sources": sources,
        "rules": _rules(earlier, body),
    }
    return replace(document, content=Section(content, body.source))


def _part(body: Section, key: str) -> dict[str, object]:
    return dict(body.section(key).content) if body.has(key) else {}


def _names(body: Section) -> list[str]:
    names = body.json("withdraws") if body.has("withdraws") else []
    if not isinstance(names, list):
        raise body.error("withdraws", "liste de règles attendue")
    return [str(name) for name in names]


def _rules(earlier: Section, body: Section) -> list[object]:
    rules: dict[str, object] = {
        section.text("id"): section.content for section in earlier.sections("rules")
    }
    for name in _names(body):
        if rules.pop(name, None) is None:
            raise body.error("withdraws", f"règle « {name} » absente de la version complétée")
    for section in body.sections("replaces") if body.has("replaces") else ():
        if section.text("id") not in rules:
            raise section.error("id", "règle absente de la version complétée")
        rules[section.text("id")] = section.content
    for section in body.sections("adds") if body.has("adds") else ():
        if section.text("id") in rules:
            raise section.error("id", "règle déjà dans la version complétée")
        rules[section.text("id")] = section.content
    return list(rules.values())
