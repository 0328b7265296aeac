"""What an import of an estate says: what was read, what differs, what to do next."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from hygie.cli import console
from hygie.cli.console import _

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from hygie.domain.estate.comparing import Change, Difference
    from hygie.domain.estate.incoming import Incoming
    from hygie.domain.estate.incoming_sbom import IncomingSbom
    from hygie.domain.estate.lines import Document
    from hygie.domain.territory.models import Node
    from hygie.engines.exchange.sbom import Sbom
    from hygie.engines.exchange.tabular import Table

SHOWN: Final = 10
"""Rows of a kind that a table shows; JSON has them all."""

_FIELDS: Final = {
    "vendor": "éditeur ou fabricant",
    "model": "modèle",
    "version": "version",
    "criticality": "criticité",
    "service": "service",
    "quantity": "quantité",
}


@dataclass(frozen=True, slots=True)
class InventoryOutcome:
    """One inventory as it was read, compared, and imported or not."""

    site: Node
    document: Document
    table: Table
    columns: Mapping[str, str]
    incoming: Incoming
    difference: Difference
    skip_errors: bool
    dry_run: bool

    def print_reading(self) -> None:
        """Print the columns, the rows in error and the difference."""
        out = console.out()
        out.print(
            f"{self.document.name} → {self.site.name} ({self.site.code})",
            markup=False,
            style="bold",
        )
        form = self.table.sheet or self.table.encoding
        out.print(f"{self.document.kind}, {form}", markup=False)
        _print_rows(
            _("Correspondance"),
            (_("Champ"), _("Colonne")),
            list(self.columns.items()),
            limit=len(self.columns),
        )
        if unused := self._unused():
            out.print(_("Colonnes non reprises : ") + ", ".join(unused), markup=False)
        problems = [(str(p.line), p.column, p.message) for p in self.incoming.problems]
        _print_rows(_("Lignes en erreur"), (_("Ligne"), _("Colonne"), _("Quoi corriger")), problems)
        _print_difference(self.difference)

    def print_end(self) -> None:
        """Print the lines that matter and the next command."""
        out = console.out()
        found = self.difference
        out.print()
        out.print(
            _("{added} ajoutés, {changed} modifiés, {removed} retirés, {same} inchangés.").format(
                added=len(found.added),
                changed=len(found.changed),
                removed=len(found.removed),
                same=found.same,
            )
        )
        out.print(
            _(
                "{rows} lignes lues ; laissées de côté : {errors} en erreur, "
                "{elsewhere} d’autres établissements."
            ).format(
                rows=self.incoming.rows,
                errors=self.incoming.problem_count,
                elsewhere=self.incoming.elsewhere,
            )
        )
        if self.dry_run:
            out.print(_("Rien n’est écrit. Ensuite : la même commande sans --dry-run"))
        elif self.document.kind in ("domains", "addresses"):
            out.print(
                _("Parc enregistré. Ensuite : hygie mandate sign --site {code}").format(
                    code=self.site.code
                )
            )
        else:
            out.print(
                _("Parc enregistré. Ensuite : hygie round --scope {code}").format(
                    code=self.site.code
                )
            )

    def as_json(self, *, applied: bool) -> dict[str, Any]:
        """Return the whole outcome; ``applied`` says whether it was written."""
        return {
            "file": self.document.name,
            "sha256": self.document.sha256,
            "site": self.site.code,
            "kind": self.document.kind,
            "encoding": self.table.encoding,
            "columns": dict(self.columns),
            "unused_columns": self._unused(),
            "rows": self.incoming.rows,
            "elsewhere": self.incoming.elsewhere,
            "problem_count": self.incoming.problem_count,
            "problems": [
                {"line": p.line, "column": p.column, "message": p.message}
                for p in self.incoming.problems
            ],
            "added": [_asset_json(change) for change in self.difference.added],
            "changed": [_change_json(change) for change in self.difference.changed],
            "removed": [{"kind": a.kind, "name": a.name} for a in self.difference.removed],
            "same": self.difference.same,
            "applied": applied,
        }

    def _unused(self) -> list[str]:
        used = set(self.columns.values())
        return [name for name in self.table.header if name not in used]


Read = tuple["Sbom", "IncomingSbom", "Document"]


def print_sboms(node: Node, read: Sequence[Read], difference: Difference, *, applied: bool) -> None:
    """Print, for each SBOM, the components that come and go."""
    out = console.out()
    for (sbom, incoming, document), change in zip(read, difference.changes, strict=True):
        what = _("nouveau") if change.asset is None else _("connu")
        out.print(
            f"{document.name} → {change.line.name} [{what}], {node.name}",
            markup=False,
            style="bold",
        )
        out.print(f"{sbom.format} {sbom.spec_version}", markup=False)
        if incoming.disagreement:
            out.print(
                _(
                    "L’inventaire dit {ours}, le SBOM {theirs} : l’inventaire est gardé, "
                    "mettez-le à jour."
                ).format(ours=incoming.disagreement[0], theirs=incoming.disagreement[1]),
                markup=False,
            )
        _print_rows(
            _("Composants ajoutés"),
            (_("Nom"), _("Version")),
            [(c.name, c.version) for c in change.installed.values()],
        )
        _print_rows(
            _("Composants retirés"), (_("Nom"),), [(holding.title,) for holding in change.dropped]
        )
    _print_sbom_end(node, difference, applied=applied)


def sboms_as_json(
    node: Node, read: Sequence[Read], difference: Difference, *, applied: bool
) -> list[dict[str, Any]]:
    """Return the outcome of each SBOM, in the order of the files."""
    return [
        {
            "file": document.name,
            "sha256": document.sha256,
            "site": node.code,
            "format": sbom.format,
            "spec_version": sbom.spec_version,
            "kind": str(change.line.kind),
            "asset": change.line.name,
            "new_asset": change.asset is None,
            "criticality": str(change.line.criticality),
            "disagreement": incoming.disagreement,
            "added": [
                {"name": c.name, "version": c.version, "purl": c.purl, "cpe": c.cpe}
                for c in change.installed.values()
            ],
            "removed": [holding.title for holding in change.dropped],
            "same": change.kept,
            "applied": applied,
        }
        for (sbom, incoming, document), change in zip(read, difference.changes, strict=True)
    ]


def _print_sbom_end(node: Node, difference: Difference, *, applied: bool) -> None:
    out = console.out()
    out.print()
    out.print(
        _(
            "{added} composants ajoutés, {removed} retirés, {same} inchangés, "
            "sur {assets} élément(s) du parc."
        ).format(
            added=sum(len(change.installed) for change in difference.changes),
            removed=sum(len(change.dropped) for change in difference.changes),
            same=sum(change.kept for change in difference.changes),
            assets=len(difference.changes),
        )
    )
    if applied:
        out.print(_("Composants enregistrés."))
        out.print(_("Ensuite : hygie round --scope {code}").format(code=node.code))
    else:
        out.print(_("Rien n’est écrit. Ensuite : la même commande sans --dry-run"))


def _print_difference(difference: Difference) -> None:
    _print_rows(
        _("Ajoutés"),
        (_("Nature"), _("Nom"), _("Version")),
        [(_kind(c.line.kind), c.line.name, c.line.version) for c in difference.added],
    )
    _print_rows(
        _("Modifiés"),
        (_("Nature"), _("Nom"), _("Changement")),
        [(_kind(c.line.kind), c.line.name, _told(c)) for c in difference.changed],
    )
    _print_rows(
        _("Retirés"),
        (_("Nature"), _("Nom")),
        [(_kind(asset.kind), asset.name) for asset in difference.removed],
    )


def _told(change: Change) -> str:
    parts = [
        f"{_(_FIELDS[name])} : {before or '–'} → {after or '–'}"
        for name, before, after in change.fields
    ]
    if change.installed:
        parts.append(_("produits ajoutés : {n}").format(n=len(change.installed)))
    if change.dropped:
        parts.append(_("produits retirés : {n}").format(n=len(change.dropped)))
    return " ; ".join(parts)


def _kind(kind: str) -> str:
    from hygie.domain.estate.models import AssetKind

    return str(AssetKind(kind).label)


def _print_rows(
    title: str, columns: tuple[str, ...], rows: Sequence[tuple[str, ...]], *, limit: int = SHOWN
) -> None:
    from rich.markup import escape
    from rich.table import Table

    if not rows:
        return
    table = Table(title=f"{title} ({len(rows)})", title_justify="left", box=None, pad_edge=False)
    for column in columns:
        table.add_column(column, overflow="fold")
    for row in rows[:limit]:
        table.add_row(*(escape(_printable(cell)) for cell in row))
    out = console.out()
    out.print()
    out.print(table)
    if len(rows) > limit:
        out.print(_("… et {n} autres (--format json pour tout voir)").format(n=len(rows) - limit))


def _printable(text: str) -> str:
    """Keep what a file says from driving the terminal."""
    return "".join(c if c.isprintable() or c == "\u00a0" else "�" for c in text)


def _asset_json(change: Change) -> dict[str, Any]:
    line = change.line
    return {
        "kind": str(line.kind),
        "name": line.name,
        "version": line.version,
        "criticality": str(line.criticality),
        "quantity": line.quantity,
        "products": len(change.installed),
    }


def _change_json(change: Change) -> dict[str, Any]:
    return {
        "kind": str(change.line.kind),
        "name": change.line.name,
        "fields": [
            {"field": name, "before": before, "after": after}
            for name, before, after in change.fields
        ],
        "products_added": len(change.installed),
        "products_removed": len(change.dropped),
    }
