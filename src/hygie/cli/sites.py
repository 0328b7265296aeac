"""From the FINESS number a person types to one establishment."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hygie.vocabulary.errors import UsageError

if TYPE_CHECKING:
    from hygie.domain.territory.models import Node


def site_of(finess: str) -> Node:
    """Return the establishment (ET) of a FINESS number.

    Raises:
        UsageError: if no place bears it, or the place is wider than one establishment.
        FinessError: if it is no FINESS number at all.
    """
    from django.utils import timezone

    from hygie.domain.territory.models import Kind, Node
    from hygie.domain.territory.queries import descendants
    from hygie.vocabulary.finess import parse_finess

    code = "".join(finess.split()).upper()
    found = {node.kind: node for node in Node.objects.filter(code=code)}
    if Kind.ET in found:
        return found[Kind.ET]
    if not found:
        parse_finess(code)
        raise UsageError(
            f"aucun établissement ne porte le FINESS {code} ; hygie import finess FICHIER"
        )
    below = descendants(next(iter(found.values())), on=timezone.localdate(), kind=Kind.ET)
    examples = ", ".join(f"{site.code} ({site.name})" for site in below[:3]) or "aucun"
    raise UsageError(
        f"{code} n’est pas un établissement ; donnez l’un des siens, par exemple : {examples}"
    )
