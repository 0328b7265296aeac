from __future__ import annotations

from pathlib import Path

import pytest
from tests.cli.running import hygie

from hygie.cli.console import _, choose_language
from hygie.cli.main import main
from hygie.vocabulary.errors import UsageError


def test_a_language_nobody_speaks_is_a_bad_use(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stop:
        main(["--lang", "de", "version"])

    assert stop.value.code == 2
    [line] = capsys.readouterr().err.splitlines()
    assert "fr ou en" in line


def test_messages_are_french_until_told_otherwise() -> None:
    choose_language("fr")

    assert _("La base est prête.") == "La base est prête."
    with pytest.raises(UsageError):
        choose_language("latin")


def test_a_command_on_a_base_that_is_not_ready_says_what_to_run(tmp_path: Path) -> None:
    done = hygie("round", home=tmp_path)

    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert "hygie migrate" in done.stderr


@pytest.mark.parametrize(
    "command", ["demo", "serve", "migrate", "round", "probe", "match", "corpus", "export"]
)
def test_every_promised_command_has_its_help(
    command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as stop:
        main([command, "--help"])

    assert stop.value.code == 0
    assert "Usage: hygie" in capsys.readouterr().out
