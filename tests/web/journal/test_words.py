from __future__ import annotations

import re
from pathlib import Path

import hygie
from hygie.web.journal.words import ACTIONS

WRITTEN = re.compile(r'Act\(\s*"([a-z_]+\.[a-z_]+)"')


def test_every_action_that_is_written_has_its_words() -> None:
    sources = Path(hygie.__file__).parent.rglob("*.py")
    written = {name for path in sources for name in WRITTEN.findall(path.read_text())}

    assert "mandate.signed" in written
    assert written - set(ACTIONS) == set()


def test_no_two_actions_say_the_same() -> None:
    said = [str(words) for words in ACTIONS.values()]

    assert len(said) == len(set(said))
