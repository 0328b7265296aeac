"""The tarball for closed networks, made here and installed without any network."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
CLOSED = {
    "PIP_INDEX_URL": "http://127.0.0.1:9/",
    "PIP_EXTRA_INDEX_URL": "",
    "PIP_FIND_LINKS": "",
    "PIP_CONFIG_FILE": os.devnull,
    "PIP_NO_CACHE_DIR": "1",
}


@pytest.fixture(scope="module")
def unpacked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("bundle")
    done = subprocess.run(
        [sys.executable, str(ROOT / "deploy" / "bundle.py"), "--out", str(folder)],
        capture_output=True, text=True, check=False, timeout=900,
    )  # fmt: skip
    if done.returncode and "hash" not in done.stderr.lower():
        pytest.skip(f"no index of packages to make a bundle from: {done.stderr.strip()[-300:]}")
    assert done.returncode == 0, done.stderr
    made = Path(done.stdout.splitlines()[0])
    with tarfile.open(made) as archive:
        archive.extractall(folder, filter="data")
    return folder / made.name.removesuffix(".tar.gz")


def install(folder: Path, prefix: Path, **changes: str) -> subprocess.CompletedProcess[str]:
    """Run the script without network: in a namespace of its own where that is possible."""
    alone = ["unshare", "--net"] if os.geteuid() == 0 and shutil.which("unshare") else []
    return subprocess.run(
        [*alone, "./install.sh", str(prefix)],
        cwd=folder, env={"PATH": os.environ["PATH"], "PYTHON": sys.executable, **CLOSED, **changes},
        capture_output=True, text=True, check=False, timeout=600,
    )  # fmt: skip


@pytest.mark.slow
@pytest.mark.timeout(1500)
def test_the_tarball_installs_where_there_is_no_network(unpacked: Path, tmp_path: Path) -> None:
    prefix = tmp_path / "hygie"

    done = install(unpacked, prefix)

    assert done.returncode == 0, done.stderr
    assert "operation.md" in done.stdout
    said = subprocess.run(
        [str(prefix / "bin" / "hygie"), "migrate"],
        env={"PATH": os.environ["PATH"], "HYGIE_HOME": str(tmp_path / "home")},
        capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip
    assert said.returncode == 0, said.stderr
    assert (prefix / "share" / "deploy" / "nginx.conf").exists()

    english = subprocess.run(
        [str(prefix / "bin" / "python"), "-c",
         "import hygie, pathlib; print(list(pathlib.Path(hygie.__file__).parent.rglob('*.mo')))"],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert ".mo" in english.stdout


@pytest.mark.slow
@pytest.mark.timeout(1500)
def test_a_file_that_changed_on_the_way_is_refused(unpacked: Path, tmp_path: Path) -> None:
    other = tmp_path / "copy"
    other.mkdir()
    for name in ("install.sh", "SHA256SUMS", "core.txt", "hygie.txt", "PYTHON_VERSION", "LICENSE"):
        shutil.copy(unpacked / name, other / name)
    for name in ("wheels", "docs", "deploy"):
        (other / name).symlink_to(unpacked / name)
    (other / "core.txt").write_text((other / "core.txt").read_text() + "\n")

    refused = install(other, tmp_path / "hygie")

    assert refused.returncode == 1
    assert "un fichier a changé" in refused.stderr
    assert not (tmp_path / "hygie").exists()


@pytest.mark.slow
@pytest.mark.timeout(1500)
def test_another_python_is_refused_in_one_line(unpacked: Path, tmp_path: Path) -> None:
    other = tmp_path / "python3"
    other.write_text("#!/bin/sh\necho 3.9\n")
    other.chmod(0o755)

    refused = install(unpacked, tmp_path / "hygie", PYTHON=str(other))

    assert refused.returncode == 1
    assert "pour Python 3.11, et" in refused.stderr
