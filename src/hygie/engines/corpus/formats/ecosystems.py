"""OSV ecosystems and what they are here: a purl type, a namespace, an order of versions.

Source: https://ossf.github.io/osv-schema/#defined-ecosystems and the purl-spec types.
"""

from __future__ import annotations

from typing import Final, NamedTuple


class Ecosystem(NamedTuple):
    """How the packages of an ecosystem are named.

    Attributes:
        purl_type: purl type, whose rules order the versions.
        namespace: purl namespace of all its packages, empty when each has its own or none.
        by_release: fixes belong to one release of a distribution (``Debian:12``), and a
            version alone does not tell the release.
    """

    purl_type: str
    namespace: str = ""
    by_release: bool = False


ECOSYSTEMS: Final[dict[str, Ecosystem]] = {
    "AlmaLinux": Ecosystem("rpm", "almalinux", by_release=True),
    "Alpine": Ecosystem("apk", "alpine", by_release=True),
    "Alpaquita": Ecosystem("apk", "alpaquita", by_release=True),
    "Bioconductor": Ecosystem("bioconductor"),
    "Bitnami": Ecosystem("bitnami"),
    "Chainguard": Ecosystem("apk", "chainguard"),
    "ConanCenter": Ecosystem("conan"),
    "CRAN": Ecosystem("cran"),
    "crates.io": Ecosystem("cargo"),
    "Debian": Ecosystem("deb", "debian", by_release=True),
    "GitHub Actions": Ecosystem("github"),
    "Go": Ecosystem("golang"),
    "Hackage": Ecosystem("hackage"),
    "Hex": Ecosystem("hex"),
    "Mageia": Ecosystem("rpm", "mageia", by_release=True),
    "Maven": Ecosystem("maven"),
    "npm": Ecosystem("npm"),
    "NuGet": Ecosystem("nuget"),
    "openEuler": Ecosystem("rpm", "openeuler", by_release=True),
    "openSUSE": Ecosystem("rpm", "opensuse", by_release=True),
    "Packagist": Ecosystem("composer"),
    "Pub": Ecosystem("pub"),
    "PyPI": Ecosystem("pypi"),
    "Red Hat": Ecosystem("rpm", "redhat", by_release=True),
    "Rocky Linux": Ecosystem("rpm", "rocky", by_release=True),
    "RubyGems": Ecosystem("gem"),
    "SUSE": Ecosystem("rpm", "suse", by_release=True),
    "SwiftURL": Ecosystem("swift"),
    "Ubuntu": Ecosystem("deb", "ubuntu", by_release=True),
    "Wolfi": Ecosystem("apk", "wolfi"),
}
"""By name, without the release after the colon. Others (Linux, Android, GIT, OSS-Fuzz) name no
package of a registry."""


def purl_of(ecosystem: Ecosystem, name: str) -> str:
    """Return the purl text of a package as the ecosystem names it."""
    path = name.replace(":", "/", 1) if ecosystem.purl_type == "maven" else name
    path = path.removeprefix("https://") if ecosystem.purl_type == "swift" else path
    namespace = f"{ecosystem.namespace}/" if ecosystem.namespace else ""
    return f"pkg:{ecosystem.purl_type}/{namespace}{path.replace('@', '%40')}"
