from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hygie.vocabulary.purl import PURL_MAX_CHARS, PackageUrl, PurlError, parse_purl


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("pkg:npm/lodash@4.17.21", PackageUrl("npm", "", "lodash", "4.17.21")),
        ("pkg:npm/%40angular/core@12.3.1", PackageUrl("npm", "@angular", "core", "12.3.1")),
        ("pkg:npm/@angular/core@12.3.1", PackageUrl("npm", "@angular", "core", "12.3.1")),
        ("pkg:npm/@angular/core", PackageUrl("npm", "@angular", "core")),
        ("PKG:PyPI/Django_AllAuth@12.23", PackageUrl("pypi", "", "django-allauth", "12.23")),
        ("pkg://npm/lodash@1", PackageUrl("npm", "", "lodash", "1")),
        (
            "pkg:deb/Debian/cURL@7.50.3-1?arch=i386&distro=jessie",
            PackageUrl(
                "deb", "debian", "curl", "7.50.3-1", (("arch", "i386"), ("distro", "jessie"))
            ),
        ),
        (
            "pkg:maven/org.apache.xmlgraphics/batik-anim@1.9.1?packaging=sources&classifier=",
            PackageUrl(
                "maven",
                "org.apache.xmlgraphics",
                "batik-anim",
                "1.9.1",
                (("packaging", "sources"),),
            ),
        ),
        (
            "pkg:golang/google.golang.org/genproto@abc#/googleapis/../api//annotations/",
            PackageUrl(
                "golang", "google.golang.org", "genproto", "abc", (), "googleapis/api/annotations"
            ),
        ),
    ],
)
def test_purls_are_read_and_normalised(text: str, expected: PackageUrl) -> None:
    assert parse_purl(text) == expected


def test_a_purl_is_written_in_canonical_form() -> None:
    purl = parse_purl("pkg:npm/@angular/core@12.3.1?b=2&a=x%20y#sub/path")

    assert str(purl) == "pkg:npm/%40angular/core@12.3.1?a=x%20y&b=2#sub/path"
    assert purl.coordinates == "npm/@angular/core"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "lodash",
        "pkg:",
        "pkg:npm",
        "pkg:npm/",
        "pkg:n!m/name",
        "pkg:npm/name?a=1&a=2",
        "pkg:npm/name?9=1",
        "pkg:npm/%ff@1",
        "http://example.org/npm/name",
        "pkg:npm/" + "n" * PURL_MAX_CHARS,
    ],
)
def test_other_texts_are_refused(text: str) -> None:
    with pytest.raises(PurlError):
        parse_purl(text)


@given(st.text(max_size=60).map(lambda t: "pkg:" + t) | st.text(max_size=60))
def test_any_text_is_a_purl_or_an_error(text: str) -> None:
    try:
        purl = parse_purl(text)
    except PurlError:
        return
    assert parse_purl(str(purl)) == purl


NAMES = st.text(min_size=1, max_size=12).filter(lambda t: "/" not in t and t.strip() == t)


@given(NAMES, st.text(max_size=12).map(str.strip))
def test_what_is_written_reads_back(name: str, version: str) -> None:
    purl = PackageUrl("generic", "", name, version)

    assert parse_purl(str(purl)) == purl
