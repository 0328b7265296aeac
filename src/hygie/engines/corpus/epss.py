"""EPSS: the daily probability that a vulnerability is exploited in the next thirty days.

Pure: lines in, rows out. A first comment line gives the model and the date.
Source: https://www.first.org/epss/data_stats (``cve,epss,percentile``).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from hygie.engines.corpus.records import CorpusFormatError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

MAX_LINE_BYTES: Final = 1024

_DATE: Final = re.compile(r"score_date:(\d{4}-\d{2}-\d{2})")
_HEADER: Final = "cve,epss,percentile"
_NUMBER: Final = r"\d(?:\.\d{1,20})?(?:[eE]-\d{1,3})?"
_ROW: Final = re.compile(rf"(CVE-(?:19|20)\d{{2}}-\d{{4,19}}),({_NUMBER}),{_NUMBER}", re.ASCII)


def score_date(first_line: str) -> str:
    """Return the ISO date of the scores from the comment line, empty when it gives none."""
    found = _DATE.search(first_line)
    return found[1] if found else ""


def read_epss_lines(
    lines: Iterable[tuple[int, str]], *, source: str
) -> Iterator[tuple[str, float]]:
    """Yield (cve_id, probability) for each row, in file order.

    Raises:
        CorpusFormatError: at the first line that is not a comment, the header or a row; the
            caller must then drop the whole document.
    """
    header_seen = False
    for number, line in lines:
        if not line or line.startswith("#"):
            continue
        if not header_seen:
            if not line.startswith(_HEADER):
                raise CorpusFormatError(
                    f"en-tête « {_HEADER} » attendu", source=source, line=number
                )
            header_seen = True
            continue
        found = _ROW.fullmatch(line)
        probability = float(found[2]) if found else 2.0
        if found is None or probability > 1:
            raise CorpusFormatError(
                "une ligne « CVE, probabilité, centile » est attendue", source=source, line=number
            )
        yield found[1], probability
    if not header_seen:
        raise CorpusFormatError(f"en-tête « {_HEADER} » attendu", source=source)
