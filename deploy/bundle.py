# ruff: noqa: INP001 - a script, in no package: `make bundle` runs it
"""Make the tarball that installs Hygie on a network without Internet.

    python deploy/bundle.py --out dist

Needs a network (or a mirror that pip knows), once; the other side needs Python of the same version
and kind of machine, nothing else. It holds wheels for requirements/core.txt, checked against
their hashes when they come in and again when they are installed; our own wheel; install.sh.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import os
import platform
import shutil
import subprocess
import sys
import tarfile
import tempfile
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DEPLOY = (
    "hygie-web.service",
    "hygie-worker@.service",
    "hygie-backup.service",
    "hygie-backup.timer",
    "hygie.env.example",
    "hygie-owner.env.example",
    "nginx.conf",
    "hygie-proxy.conf",
)
DOCS = ("operation.md", "security.md")


def main() -> None:
    """Read the arguments, make the tarball, print its name and its SHA-256."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--out", type=Path, default=ROOT / "dist")
    arguments = parser.parse_args()
    made = bundle(arguments.out)
    sys.stdout.write(f"{made}\nSHA-256 {_sha256(made)}\n")


def bundle(out: Path) -> Path:
    """Return the tarball made in ``out``."""
    version = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    python = f"{sys.version_info.major}.{sys.version_info.minor}"
    name = f"hygie-{version}-py{python}-{sys.platform}-{platform.machine()}"
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as held:
        folder = Path(held) / name
        (folder / "wheels").mkdir(parents=True)
        _fetch(folder)
        _build(folder, version)
        _copy(folder, python)
        _sum(folder)
        return _pack(folder, out / f"{name}.tar.gz")


def _fetch(folder: Path) -> None:
    """Have pip bring each wheel that the requirements name by hash; no source is ever built."""
    core = ROOT / "requirements" / "core.txt"
    shutil.copy(core, folder / "core.txt")
    _pip("download", "--no-deps", "--require-hashes", "--only-binary", ":all:",
         "--dest", str(folder / "wheels"), "-r", str(core))  # fmt: skip


def _build(folder: Path, version: str) -> None:
    """Build our own wheel, and name it by its hash for pip on the other side."""
    _pip("wheel", "--no-deps", "--no-build-isolation", "--wheel-dir", str(folder / "wheels"),
         str(ROOT))  # fmt: skip
    [wheel] = (folder / "wheels").glob("hygie-*.whl")
    (folder / "hygie.txt").write_text(f"hygie=={version} --hash=sha256:{_sha256(wheel)}\n")


def _copy(folder: Path, python: str) -> None:
    (folder / "PYTHON_VERSION").write_text(f"{python}\n")
    (folder / "deploy").mkdir()
    (folder / "docs").mkdir()
    for name in DEPLOY:
        shutil.copy(ROOT / "deploy" / name, folder / "deploy")
    for name in DOCS:
        shutil.copy(ROOT / "docs" / name, folder / "docs")
    shutil.copy(ROOT / "deploy" / "install.sh", folder)
    shutil.copy(ROOT / "LICENSE", folder)


def _sum(folder: Path) -> None:
    lines = [
        f"{_sha256(path)}  {path.relative_to(folder).as_posix()}\n"
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    ]
    (folder / "SHA256SUMS").write_text("".join(lines))


def _pack(folder: Path, target: Path) -> Path:
    """Pack in a fixed order with fixed times and owners: same content, same tarball."""
    moment = int(os.environ.get("SOURCE_DATE_EPOCH", "0"))

    def plain(entry: tarfile.TarInfo) -> tarfile.TarInfo:
        entry.uid = entry.gid = 0
        entry.uname = entry.gname = "root"
        entry.mtime = moment
        return entry

    partial = target.with_suffix(".partial")
    with (
        partial.open("wb") as file,
        gzip.GzipFile("", "wb", compresslevel=1, fileobj=file, mtime=moment) as packed,
        tarfile.open(fileobj=packed, mode="w") as archive,
    ):
        for path in (folder, *sorted(folder.rglob("*"))):
            name = path.relative_to(folder.parent).as_posix()
            archive.add(path, name, recursive=False, filter=plain)
    partial.replace(target)
    return target


def _pip(*arguments: str) -> None:
    command = [sys.executable, "-m", "pip", "-q", "--disable-pip-version-check", *arguments]
    subprocess.run(command, check=True)  # noqa: S603 - arguments are ours


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


if __name__ == "__main__":
    main()
