"""What a purl type says of a package: CPE's words for its platform, and how it writes versions.

Sources: purl-spec types; ``target_sw`` values counted on NVD configurations.
"""

from __future__ import annotations

import re
from typing import Final

TARGETS: Final[dict[str, frozenset[str]]] = {
    "npm": frozenset({"node.js", "nodejs", "javascript", "npm"}),
    "pypi": frozenset({"python", "pypi", "pip", "django"}),
    "gem": frozenset({"ruby", "rubygems", "ruby_on_rails", "rails"}),
    "maven": frozenset({"java", "maven", "jenkins"}),
    "composer": frozenset({"php", "composer", "packagist", "laravel", "symfony"}),
    "cargo": frozenset({"rust"}),
    "golang": frozenset({"go", "golang"}),
    "nuget": frozenset({".net", "asp.net", ".net_framework", "nuget"}),
}
"""Values of ``target_sw`` that mean the ecosystem of a purl type."""

DISTRIBUTIONS: Final = frozenset({"deb", "rpm", "apk", "alpm"})
"""Types whose packages receive fixes without changing upstream version."""

DISTRIBUTION_TARGETS: Final = frozenset(
    {"linux", "linux_kernel", "debian", "debian_linux", "ubuntu_linux", "unix", "x64", "x86"}
)

_EPOCH: Final = re.compile(r"^\d+:")
_DEBIAN_MARKS: Final = re.compile(r"[+~.](?:dfsg|ds|really|git|repack|debian|deb\d).*$")
_PYTHON_PRE: Final = re.compile(r"(?<=\d)[._-]?(a|b|c)(?=\d)")
_PYTHON_WORDS: Final = {"a": "-alpha", "b": "-beta", "c": "-rc"}


def upstream_version(version: str, kind: str) -> str:
    """Return a package version as upstream and NVD would write it.

    Distributions add an epoch, a revision and repacking marks; Python shortens alpha to ``a``.
    """
    if kind in DISTRIBUTIONS:
        bare = _EPOCH.sub("", version)
        bare = re.sub(r"-r\d+$", "", bare) if kind == "apk" else bare.rpartition("-")[0] or bare
        return _DEBIAN_MARKS.sub("", bare)
    if kind == "pypi":
        return _PYTHON_PRE.sub(lambda found: _PYTHON_WORDS[found[1]], version.lower())
    return version
