from __future__ import annotations

from pathlib import Path

from tests.cli.running import hygie


def test_a_backup_says_what_to_note_and_comes_back(tmp_path: Path) -> None:
    one, two, archive = tmp_path / "one", tmp_path / "two", tmp_path / "hygie.zip"
    assert hygie("migrate", home=one).returncode == 0
    (one / "secret-key").write_text("secret d’essai")

    made = hygie("backup", str(archive), "--with-secret", home=one)
    again = hygie("backup", str(archive), home=one)
    restored = hygie("restore", str(archive), home=two)

    assert made.returncode == 0, made.stderr
    assert "SHA-256" in made.stdout
    assert "enfermez" in made.stdout
    assert again.returncode == 2
    assert restored.returncode == 0, restored.stderr
    assert "Ensuite : hygie doctor" in restored.stdout
    assert (two / "secret-key").read_text() == "secret d’essai"


def test_a_secret_that_comes_from_the_environment_is_not_said_to_be_inside(tmp_path: Path) -> None:
    assert hygie("migrate", home=tmp_path / "one").returncode == 0

    made = hygie("backup", str(tmp_path / "a.zip"), "--with-secret", home=tmp_path / "one")

    assert "HYGIE_SECRET_KEY" in made.stdout
    assert "enfermez" not in made.stdout


def test_a_file_that_is_no_backup_is_bad_input(tmp_path: Path) -> None:
    other = tmp_path / "other.zip"
    other.write_text("bonjour")

    done = hygie("restore", str(other), home=tmp_path / "home")

    assert done.returncode == 3
    assert "rien n’a été changé" in " ".join(done.stderr.split())
    assert not (tmp_path / "home" / "hygie.sqlite3").exists()


def test_an_unknown_format_is_bad_use(tmp_path: Path) -> None:
    assert hygie("backup", "x.zip", "--format", "xml", home=tmp_path).returncode == 2
    assert hygie("restore", "x.zip", "--format", "xml", home=tmp_path).returncode == 2
