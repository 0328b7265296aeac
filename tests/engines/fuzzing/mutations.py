"""Spoiling sound documents: as bytes, as text, as a tree of JSON."""

from __future__ import annotations

import json
import random
from typing import Any, Final

MAX_BYTES: Final = 200_000
_ROUNDS: Final = 4

_WORDS: Final = (
    *(
        "",
        "\x00",
        "\ufeff",
        "\u2028",
        "\u0663",
        "²",
        "İ",
        "ß",
        "🦠",
        "\ud800",
        "\u202e",
        "\r",
        "\n",
    ),
    *("9" * 5000, "-1", "1e999", "NaN", "0x", "٣.١", "1.0-alpha", "v1", "..", "--", "~", "^"),
    *("*", "?", "\\", "\\\\", ":", "/", "//", "@", "#", "%", "%zz", "%00", "|", "!", "<=", ">"),
    *(" et ", " à ", " ou ", "antérieures à ", "versions ", " (", ")", "CVE-2099-0001", "cpe:2.3:"),
    *("pkg:npm/", "vers:npm/", "- ", '"', "'", ",", ";", "\t", "{", "}", "[", "]", "<a>", "&amp;"),
    *("a" * 3000, "(" * 3000, "1." * 2000, " " * 3000),
)
_VALUES: Final[tuple[Any, ...]] = (
    *(None, True, False, 0, -1, 1, 10**40, -0.5, 1e300, "", [], {}, [[]], [{}], {"": None}),
    *([None], ["x"], [0], {"x": "x"}, "x", "2099-13-45", "0000-00-00", "9999-12-31T23:59:60Z"),
)


def spoiled(seeds: list[bytes], chance: random.Random) -> bytes:
    """Return one seed, changed a few times in one of the three ways."""
    seed = chance.choice(seeds)
    way = chance.random()
    if way < 0.6 and seed.lstrip()[:1] in (b"{", b"["):
        try:
            return _json_spoiled(json.loads(seed), chance)[:MAX_BYTES]
        except (ValueError, RecursionError):
            pass
    if way < 0.9:
        return _text_spoiled(seed, seeds, chance)[:MAX_BYTES]
    return _bytes_spoiled(seed, chance)[:MAX_BYTES]


def _json_spoiled(document: Any, chance: random.Random) -> bytes:  # noqa: ANN401 - JSON
    for _ in range(chance.randint(1, _ROUNDS)):
        holders = [(holder, key) for holder, key in _places(document)]
        if not holders:
            break
        holder, key = chance.choice(holders)
        way = chance.randrange(6)
        if way == 0 and isinstance(holder, dict):
            del holder[key]
        elif way == 1 and isinstance(holder[key], str):
            text = _text_spoiled(holder[key].encode("utf-8", "surrogatepass"), [], chance)
            holder[key] = text.decode("utf-8", "replace")
        elif way == 2:
            other, place = chance.choice(holders)
            holder[key] = json.loads(json.dumps(other[place]))
        elif way == 3 and isinstance(holder, list):
            holder.extend([holder[key]] * chance.randint(1, 50))
        elif way == 4 and isinstance(holder, dict):
            holder[chance.choice(_WORDS)] = holder.pop(key)
        else:
            holder[key] = json.loads(json.dumps(chance.choice((*_VALUES, *_WORDS))))
    text = json.dumps(document, ensure_ascii=chance.random() < 0.5)
    return text.encode("utf-8", "surrogatepass")


def _places(value: Any) -> list[tuple[Any, Any]]:  # noqa: ANN401 - JSON
    found: list[tuple[Any, Any]] = []
    waiting = [value]
    while waiting:
        holder = waiting.pop()
        keys = list(holder) if isinstance(holder, dict) else range(len(holder))
        for key in keys:
            found.append((holder, key))
            if isinstance(holder[key], dict | list):
                waiting.append(holder[key])
    return found


def _text_spoiled(seed: bytes, seeds: list[bytes], chance: random.Random) -> bytes:
    text = seed.decode("utf-8", "surrogateescape")
    for _ in range(chance.randint(1, _ROUNDS)):
        at, end = sorted((chance.randint(0, len(text)), chance.randint(0, len(text))))
        way = chance.randrange(5)
        if way == 0:
            text = text[:at] + text[end:]
        elif way == 1:
            text = text[:end] + text[at:end] + text[end:]
        elif way == 2 and seeds:
            other = chance.choice(seeds).decode("utf-8", "surrogateescape")
            text = text[:at] + other[chance.randint(0, len(other)) :]
        elif way == 3:
            text = text[:at] + chance.choice(_WORDS) + text[min(at + 1, len(text)) :]
        else:
            text = text[:at] + chance.choice(_WORDS) + text[at:]
    return text.encode("utf-8", "surrogatepass" if "\ud800" in text else "surrogateescape")


def _bytes_spoiled(seed: bytes, chance: random.Random) -> bytes:
    spoilt = bytearray(seed)
    for _ in range(chance.randint(1, 8)):
        if not spoilt:
            break
        at = chance.randrange(len(spoilt))
        if chance.random() < 0.5:
            spoilt[at] = chance.randrange(256)
        else:
            del spoilt[at : at + chance.randint(1, 64)]
    return bytes(spoilt)
