"""`hygie surveillance`: what an operator types at three in the morning."""

from __future__ import annotations

import json

import pytest
from tests.domain.places import make_site

from hygie.cli.main import main
from hygie.domain.surveillance.models import Stop
from hygie.domain.territory.models import Kind, Node

pytestmark = pytest.mark.django_db

Capture = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def site() -> Node:
    return make_site()


def run(*arguments: str) -> int:
    with pytest.raises(SystemExit) as ended:
        main(["surveillance", *arguments])
    return int(ended.value.code or 0)


def test_stop_needs_nothing_and_says_how_to_start_again(capsys: Capture) -> None:
    assert run("stop", "--reason", "machine saturée") == 0

    held = Stop.objects.get()
    assert (held.node.kind, held.reason) == (Kind.NATION, "machine saturée")
    assert "Pour reprendre : hygie surveillance start" in capsys.readouterr().out


def test_one_place_is_stopped_and_started_alone(site: Node, capsys: Capture) -> None:
    run("stop", "--scope", site.code)
    capsys.readouterr()
    run("status", "--format", "json")
    told = json.loads(capsys.readouterr().out)
    assert (told["stopped"], told["stops"][0]["site"]) == (True, site.code)

    assert run("start") == 2  # the nation is not stopped
    assert run("start", "--scope", site.code) == 0
    run("status")
    assert "arrêtée nulle part" in capsys.readouterr().out


def test_stopping_twice_is_an_error_that_changes_nothing(capsys: Capture) -> None:
    run("stop")

    assert run("stop") == 2
    assert "déjà arrêtée" in capsys.readouterr().err
    assert Stop.objects.count() == 1


def test_an_unknown_format_is_refused(capsys: Capture) -> None:
    assert run("stop", "--format", "xml") == 2
    assert not Stop.objects.exists()
    assert "format inconnu" in capsys.readouterr().err


def test_dating_grades_asks_for_an_authority_first(capsys: Capture) -> None:
    assert run("stamp") == 2
    assert "HYGIE_TIMESTAMP_URL" in capsys.readouterr().err
