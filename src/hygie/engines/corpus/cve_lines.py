"""CVE records, one JSON object a line: NVD configurations, CNA and ADP products, SSVC, CVSS.

Pure: lines in, CveRecord out. Fields: id, status, published, description, cvss{v2,v3,v4},
configurations, anchore_configurations, cpe_applicability (NVD nodes), affected,
adp_affected (CVE Record Format 5.1), ssvc, kev_added, source.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from hygie.engines.corpus.affected import affected_statements
from hygie.engines.corpus.criteria import configuration_statements
from hygie.engines.corpus.records import (
    CorpusFormatError,
    CveRecord,
    Statement,
    description_of,
    parse_date,
)
from hygie.engines.corpus.severity import impact_from_vector
from hygie.vocabulary.cve import CveIdError, parse_cve_id
from hygie.vocabulary.enums import Exploitation, TechnicalImpact

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Iterator

MAX_LINE_BYTES: Final = 16 * 1024 * 1024

_CONFIGURATIONS: Final = (
    ("configurations", "nvd"),
    ("anchore_configurations", "anchore"),
    ("cpe_applicability", "cna"),
)
_AFFECTED: Final = (("adp_affected", "cisa-adp"), ("affected", "cna"))
# CVSS 3 first: most records have it, and scores of 2 and 4 do not compare with it.
_CVSS_ORDER: Final = ("v3", "v4", "v2")
_SCORE_MAX: Final = 10.0


def read_cve_lines(lines: Iterable[tuple[int, str]], *, source: str) -> Iterator[CveRecord]:
    """Yield one record per line that is not blank, in file order.

    Args:
        lines: (1-based number, text) pairs, each text at most MAX_LINE_BYTES.
        source: name of the file, for errors.

    Raises:
        CorpusFormatError: at the first malformed record, with its line and place; the caller
            must then drop the whole document.
    """
    for number, line in lines:
        if not line.strip():
            continue
        try:
            yield parse_cve_line(line)
        except CorpusFormatError as error:
            raise CorpusFormatError(
                error.message, source=source, line=number, place=error.place
            ) from error


def parse_cve_line(line: str) -> CveRecord:
    """Return the record of one line.

    Raises:
        CorpusFormatError: if the line is not a JSON object of the expected shape.
    """
    try:
        record = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise CorpusFormatError("ligne qui n’est pas un objet JSON") from error
    if not isinstance(record, dict):
        raise CorpusFormatError("ligne qui n’est pas un objet JSON")
    cve_id = _cve_id(record)
    description = description_of(_text(record, "description"))
    source = _text(record, "source")
    published_on = _date(record, "published")
    if record.get("status") == "Rejected":
        return CveRecord(
            cve_id, description, rejected=True, source=source, published_on=published_on
        )
    score, vector = _cvss(record.get("cvss", {}))
    exploitation, impact = _ssvc(record.get("ssvc", {}))
    left_out: list[str] = []
    return CveRecord(
        cve_id,
        description,
        cvss_score=score,
        cvss_vector=vector,
        exploitation=exploitation,
        technical_impact=impact or impact_from_vector(vector),
        kev_added_on=_date(record, "kev_added"),
        published_on=published_on,
        source=source,
        statements=_statements(record, left_out),
        as_of=_text(record, "as_of")[:10],
        left_out=tuple(left_out),
    )


def _statements(record: dict[str, Any], left_out: list[str]) -> tuple[Statement, ...]:
    found: list[Statement] = []
    for field, source in _AFFECTED:
        if field in record:
            found += affected_statements(
                record[field], source=source, place=field, left_out=left_out
            )
    named: list[Statement] = []
    for field, source in _CONFIGURATIONS:
        if field in record:
            statements = configuration_statements(
                record[field], source=_named(record, field, source), place=field, left_out=left_out
            )
            named += _more_exact(list(statements), found) if source == "cna" else statements
    # An unreadable text adds nothing where the same CVE has readable statements.
    readable = [s for s in found if not s.spans[0].note]
    return (*named, *(readable if named or readable else found))


def _more_exact(applicability: list[Statement], affected: list[Statement]) -> list[Statement]:
    """Let a CNA's own list speak for its CPE name, where the list says what is safe.

    CPE ranges cannot say "fixed in 6.1.64 and in 6.6.3": a CNA that lists each branch writes
    overlapping ranges, under which every patched branch but the last would be affected.
    """
    own = [s for s in affected if s.source == "cna" and not s.identity.startswith("pkg:")]
    names, products = ({s.identity for s in group} for group in (applicability, own))
    vendors = {identity.partition("/")[0] for identity in names | products}
    single = len(names) == len(products) == len(vendors) == 1
    says_safe = any(s.not_spans for s in own)
    if not (single and says_safe) or any(s.condition for s in applicability):
        return applicability
    first = applicability[0]
    return [
        s._replace(identity=first.identity, part=first.part, attributes=first.attributes)
        for s in own
    ]


def _named(record: dict[str, Any], field: str, source: str) -> str:
    if field == "configurations" and record.get("config_source") == "anchore":
        return "anchore"
    return source


def _cve_id(record: dict[str, Any]) -> str:
    try:
        return parse_cve_id(_text(record, "id"))
    except CveIdError as error:
        raise CorpusFormatError(error.message, place="id") from error


def _cvss(scores: Any) -> tuple[float | None, str]:  # noqa: ANN401 - JSON
    if not isinstance(scores, dict):
        raise CorpusFormatError("un objet est attendu", place="cvss")
    for version in _CVSS_ORDER:
        if version not in scores:
            continue
        given = scores[version]
        score = given.get("score") if isinstance(given, dict) else None
        vector = given.get("vector", "") if isinstance(given, dict) else None
        well_typed = isinstance(score, (int, float)) and isinstance(vector, str)
        if not well_typed or not 0 <= float(score or 0) <= _SCORE_MAX:
            raise CorpusFormatError("score ou vecteur CVSS mal formé", place=f"cvss.{version}")
        return float(score or 0), vector or ""
    return None, ""


def _ssvc(decision: Any) -> tuple[Exploitation | None, TechnicalImpact | None]:  # noqa: ANN401
    if not isinstance(decision, dict):
        raise CorpusFormatError("un objet est attendu", place="ssvc")
    try:
        exploitation = decision.get("Exploitation")
        impact = decision.get("Technical Impact")
        return (
            Exploitation(exploitation.lower()) if exploitation else None,
            TechnicalImpact(impact.lower()) if impact else None,
        )
    except (AttributeError, ValueError) as error:
        raise CorpusFormatError("décision SSVC inconnue", place="ssvc") from error


def _date(record: dict[str, Any], key: str) -> dt.date | None:
    text = _text(record, key)
    try:
        return parse_date(text) if text else None
    except ValueError as error:
        raise CorpusFormatError(f"date illisible : « {text[:30]} »", place=key) from error


def _text(record: dict[str, Any], key: str) -> str:
    value = record.get(key, "")
    if not isinstance(value, str):
        raise CorpusFormatError("un texte est attendu", place=key)
    return value
