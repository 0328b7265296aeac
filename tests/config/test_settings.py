"""The settings of a site behind TLS, read in a process of its own as the site reads them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

_ASK = """
import json
from hygie.config import settings as s
print(json.dumps({name: getattr(s, name) for name in (
    "SESSION_COOKIE_NAME", "CSRF_COOKIE_NAME", "SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE",
    "SESSION_COOKIE_HTTPONLY", "CSRF_COOKIE_HTTPONLY",
)} | {"domain": getattr(s, "SESSION_COOKIE_DOMAIN", None), "path": getattr(
    s, "SESSION_COOKIE_PATH", "/")}))
"""


def settings_of(home: Path, **variables: str) -> dict[str, object]:
    environment = os.environ | {"HYGIE_HOME": str(home), **variables}
    done = subprocess.run(
        [sys.executable, "-c", _ASK], env=environment, capture_output=True, text=True, check=True
    )
    found: dict[str, object] = json.loads(done.stdout)
    return found


@pytest.mark.parametrize(("https", "prefix"), [("1", "__Host-"), ("", "")])
def test_over_tls_cookies_are_of_this_host_alone(https: str, prefix: str, tmp_path: Path) -> None:
    found = settings_of(tmp_path, HYGIE_HTTPS=https)

    for name in ("SESSION_COOKIE_NAME", "CSRF_COOKIE_NAME"):
        assert str(found[name]).startswith(f"{prefix}hygie_")
    assert found["SESSION_COOKIE_SECURE"] is found["CSRF_COOKIE_SECURE"] is bool(https)
    assert found["SESSION_COOKIE_HTTPONLY"]
    assert found["CSRF_COOKIE_HTTPONLY"]
    # What the prefix asks for: no domain, the whole site.
    assert (found["domain"], found["path"]) == (None, "/")
