import pytest

from hygie.engines.corpus.formats.ecosystems import ECOSYSTEMS, purl_of
from hygie.vocabulary.purl import parse_purl


@pytest.mark.parametrize(
    ("ecosystem", "name", "coordinates"),
    [
        ("npm", "@acme/lib", "npm/@acme/lib"),
        ("PyPI", "Acme_Lib", "pypi/acme-lib"),
        ("Maven", "org.acme:lib", "maven/org.acme/lib"),
        ("Go", "github.com/acme/lib", "golang/github.com/acme/lib"),
        ("Debian", "openssl", "deb/debian/openssl"),
        ("SwiftURL", "https://example.org/acme/lib", "swift/example.org/acme/lib"),
    ],
)
def test_a_package_of_an_ecosystem_has_a_purl(ecosystem: str, name: str, coordinates: str) -> None:
    assert parse_purl(purl_of(ECOSYSTEMS[ecosystem], name)).coordinates == coordinates
