from __future__ import annotations

from types import SimpleNamespace

from hygie.web.surveillance.themes import theme_bars
from hygie.web.territory.grading import ThemeLine


def test_the_weakest_theme_comes_first_and_the_unknown_last() -> None:
    themes = (
        ThemeLine("Web", "A", 100, 0), ThemeLine("DNS", "", None, 2), ThemeLine("TLS", "C", 60, 0),
    )  # fmt: skip
    bars = theme_bars(SimpleNamespace(themes=themes))  # type: ignore[arg-type]

    assert [(bar.title, bar.width) for bar in bars] == [
        ("TLS", 228.0),
        ("Web", 380.0),
        ("DNS", 0.0),
    ]
    assert bars[0].after == 426.0
    assert bars[0].y < bars[1].y < bars[2].text_y
