from __future__ import annotations

from pathlib import Path

import pytest

from hygie.vocabulary.home import default_home


@pytest.mark.parametrize(
    ("variables", "home"),
    [
        ({"HYGIE_HOME": "/srv/hygie", "XDG_DATA_HOME": "/data"}, Path("/srv/hygie")),
        ({"XDG_DATA_HOME": "/data"}, Path("/data/hygie")),
        ({"HYGIE_HOME": "", "XDG_DATA_HOME": ""}, Path.home() / ".local/share/hygie"),
        ({}, Path.home() / ".local/share/hygie"),
    ],
    ids=["chosen", "of the desktop", "empty is not chosen", "nothing said"],
)
def test_the_state_lies_where_it_was_said_first(variables: dict[str, str], home: Path) -> None:
    assert default_home(variables) == home
