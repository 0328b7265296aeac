from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hygie.domain.veille.corpora import starter_folder
from hygie.engines.corpus.records import CorpusFormatError, Span
from hygie.engines.corpus.starter import MAX_BYTES, parse_starter
from hygie.vocabulary.enums import Exploitation, TechnicalImpact
from hygie.vocabulary.errors import InputError

ENTRY = """
as_of: 2026-01-29
entries:
  - id: CVE-2024-0001
    description: A flaw.
    description_fr: Une faille.
    cvss_vector: "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"
    published: 2024-03-01
    kev_added: 2024-03-05
    exploitation: active
    sources: [https://example.org/1]
    affected:
      - vendor: Acme
        product: Big Box
        aliases: ["The Box"]
        part: o
        scheme: generic
        purl: pkg:npm/big-box
        versions:
          - {introduced: "0", fixed: "2.0"}
          - {introduced: "3.0", last_affected: "3.4"}
          - {exact: "4.0"}
"""


def test_an_entry_becomes_a_record() -> None:
    dated, [record] = parse_starter(ENTRY.encode(), source="box.yaml")

    assert dated == "2026-01-29"
    assert record.description == "Une faille."
    assert record.cvss_score == 9.8
    assert record.exploitation is Exploitation.ACTIVE
    assert record.technical_impact is TechnicalImpact.TOTAL
    assert record.kev_added_on == dt.date(2024, 3, 5)
    assert record.aliases == (("the_box", "acme/big_box"),)
    [named, packaged] = record.statements
    assert (named.identity, named.part, named.scheme) == ("acme/big_box", "o", "generic")
    assert (packaged.identity, packaged.scheme) == ("pkg:npm/big-box", "npm")
    assert named.spans == (
        Span(end="2.0"),
        Span(start="3.0", end="3.4", end_closed=True),
        Span(exact="4.0", any_update=True),
    )


@pytest.mark.parametrize(
    "change",
    [
        ("id: CVE-2024-0001", "id: nothing"),
        ("exploitation: active", "exploitation: often"),
        ("published: 2024-03-01", "published: soon"),
        ('"CVSS:3.1/AV:N/AC:L', '"CVSS:3.1/AV:Z/AC:L'),
        ("part: o", "part: z"),
        ("product: Big Box", "produit: Big Box"),
        ("pkg:npm/big-box", "big-box"),
        ('fixed: "2.0"', "fixed: 2.0"),
        ('fixed: "2.0"', 'until: "2.0"'),
        ('fixed: "2.0"', 'fixed: "2.0", last_affected: "1"'),
        ("entries:", "entrees:"),
        ("affected:", "affected: 3\n    x:"),
        ("aliases: [", "aliases: [3, "),
        ("description_fr: Une faille.", "description_fr: [A]"),
        ("as_of: 2026-01-29", "as_of: &a [1]\nb: *a"),
        ("as_of: 2026-01-29", "as_of: " + "[" * 20 + "]" * 20),
        ("as_of: 2026-01-29", "as_of: {"),
    ],
)
def test_a_malformed_entry_refuses_the_file(change: tuple[str, str]) -> None:
    document = ENTRY.replace(*change).encode()

    with pytest.raises(InputError) as caught:
        parse_starter(document, source="box.yaml")

    assert str(caught.value).startswith("box.yaml")


@pytest.mark.parametrize("document", [b"\xff", b"", b"3", b"x" * (MAX_BYTES + 1)])
def test_other_documents_are_refused(document: bytes) -> None:
    with pytest.raises(InputError):
        parse_starter(document, source="box.yaml")


@given(st.text(max_size=60))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        parse_starter(text.encode("utf-8", "surrogatepass"), source="box.yaml")
    except InputError:
        return


def test_the_packaged_files_are_sound() -> None:
    for path in sorted(starter_folder().glob("*.yaml")):
        _, records = parse_starter(path.read_bytes(), source=path.name)
        assert records


def test_a_product_needs_a_name() -> None:
    with pytest.raises(CorpusFormatError):
        parse_starter(b"entries: [{id: CVE-2024-0001, affected: [{}]}]", source="box.yaml")
