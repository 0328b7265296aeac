from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest
from tests.engines.probing.real.certificates import CertificateFolder

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="session")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> CertificateFolder:
    return CertificateFolder(tmp_path_factory.mktemp("pki"), dt.datetime.now(dt.UTC))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path
