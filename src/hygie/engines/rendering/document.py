"""A document of titles, paragraphs, lists and tables, as PDF/UA-1.

The values travel as JSON to a fixed template (``document.typ``): no text of a finding is ever
read as markup. typst itself refuses to write a PDF that breaks PDF/UA.

Sources: ISO 14289-1 (PDF/UA-1); https://typst.app/docs/reference/pdf/
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal

import typst

from hygie.vocabulary.errors import HygieError

if TYPE_CHECKING:
    import datetime as dt

_TEMPLATE: Final = Path(__file__).with_name("document.typ")
MAX_BLOCKS: Final = 5_000


class RenderingError(HygieError):
    """The document could not be made."""


@dataclass(frozen=True, slots=True)
class Block:
    """A piece of a document.

    Attributes:
        kind: ``heading``, ``text``, ``strong``, ``items``, ``steps`` (numbered), ``table``,
            ``page`` (a page ends).
        text: words of a heading or paragraph; caption of a table.
        level: 1 to 3, of a heading.
        rows: items of a list (one cell each), or rows of a table, its heads first.
    """

    kind: Literal["heading", "text", "strong", "items", "steps", "table", "page"]
    text: str = ""
    level: int = 1
    rows: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Document:
    """A whole document; ``lang`` is ``fr`` or ``en``, ``foot`` stands on every page."""

    title: str
    lang: str
    blocks: tuple[Block, ...]
    foot: str = ""


def render_pdf(document: Document, *, now: dt.datetime) -> bytes:
    """Return the document as PDF/UA-1; the same values and time give the same bytes.

    Raises:
        RenderingError: if it has too many blocks, or typst refuses it.
    """
    if len(document.blocks) > MAX_BLOCKS:
        raise RenderingError("document trop long ; choisissez un périmètre plus étroit")
    data = json.dumps(asdict(document), ensure_ascii=False)
    try:
        made = typst.compile(
            _TEMPLATE.read_bytes(),
            format="pdf",
            pdf_standards=["ua-1"],
            sys_inputs={"data": data, "day": now.date().isoformat()},
            ignore_system_fonts=True,
            timestamp=int(now.timestamp()),
        )
    except typst.TypstError as error:
        raise RenderingError(f"le document ne se fait pas ({str(error)[:120]})") from error
    return bytes(made)
