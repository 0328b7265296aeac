"""From the code a person types to a place of the territory."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hygie.vocabulary.errors import UsageError

if TYPE_CHECKING:
    from hygie.domain.territory.models import Node


def node_of(code: str) -> Node:
    """Return the place of a FINESS number, GHT or region code; the nation for an empty code.

    Raises:
        UsageError: if the territory is empty, or the code names no place or several.
    """
    from hygie.domain.territory.models import Kind, Node

    if not code:
        nation = Node.objects.filter(kind=Kind.NATION).first()
        if nation is None:
            raise UsageError("le territoire est vide : hygie import finess FICHIER, ou hygie demo")
        return nation
    found = list(Node.objects.filter(code=code)[:2])
    if not found:
        raise UsageError(f"« {code} » n’est le code d’aucun territoire ; vérifiez-le")
    if len(found) > 1:
        raise UsageError(f"« {code} » désigne plusieurs territoires ; précisez-le")
    return found[0]


def ids_below(code: str) -> Any:  # noqa: ANN401 - a queryset used as subquery
    """Return a subquery of the places at or under the place of ``code`` today."""
    from hygie.domain.territory.queries import below

    return below(node_of(code).pk)
