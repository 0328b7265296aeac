"""Take secrets out of whatever is about to be logged.

Three nets, each enough for what it knows: names of fields (password, token, cookie…), values
known to this process (secret key, passwords of its addresses), and shapes (API tokens,
Authorization headers, passwords in URLs, long random parts of a path).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, MutableMapping

MASK: Final = "[masqué]"
SECRET_MIN: Final = 6
"""A shorter "secret" would be found inside ordinary words."""

_DEPTH_MAX: Final = 8
_NAMES: Final = re.compile(
    r"passw|passphrase|mot_?de_?passe|secret|token|jeton|cookie|session_?(?:id|key)|csrf"
    r"|authori[sz]ation|credential|api_?key|private_?key|recovery|otp",
    re.IGNORECASE,
)
_SHAPES: Final[tuple[tuple[re.Pattern[str], str], ...]] = (
    (re.compile(r"\bhyg_[0-9a-f]{8}_[\w-]+"), MASK),
    (re.compile(r"(?i)\b(bearer|basic|token)\s+[\w.~+/=-]{8,}"), rf"\1 {MASK}"),
    (re.compile(r"(?i)\b([a-z][a-z0-9+.-]*://[^\s:/@]*):[^\s@/]+@"), rf"\1:{MASK}@"),
    (
        re.compile(
            r"(?i)\b([\w.-]*(?:passw(?:or)?d|mot_?de_?passe|secret|token|jeton|cookie|session|csrf"
            r"|api_?key)[\w.-]*['\"]?\s*[=:]\s*)(?!\[masqué)['\"]?[^\s'\",;&]{3,}"
        ),
        rf"\1{MASK}",
    ),
    # Links of invitations and of forgotten passwords carry their secret in the path.
    (re.compile(r"/(?=[\w.~:-]*[0-9])[\w.~:-]{24,}(?=[/?#\s\"']|$)"), f"/{MASK}"),
)


def redactor(secrets: Iterable[str]) -> Callable[[Any, str, MutableMapping[str, Any]], Any]:
    """Return the structlog processor that masks; ``secrets`` are values known to the process."""
    known = sorted({one for one in secrets if len(one) >= SECRET_MIN}, key=len, reverse=True)

    def redact(_logger: object, _method: str, event: MutableMapping[str, Any]) -> Any:  # noqa: ANN401 - structlog's own type
        return {name: _masked(name, value, known, 0) for name, value in event.items()}

    return redact


def mask_text(text: str, secrets: Iterable[str] = ()) -> str:
    """Return ``text`` without known secrets nor what looks like one."""
    for secret in secrets:
        text = text.replace(secret, MASK)
    for shape, replacement in _SHAPES:
        text = shape.sub(replacement, text)
    return text


def _masked(name: str, value: Any, secrets: list[str], depth: int) -> Any:  # noqa: ANN401 - any JSON
    if value is None or isinstance(value, bool | int | float):
        return value
    if _NAMES.search(name) or depth > _DEPTH_MAX:
        return MASK
    if isinstance(value, str):
        return mask_text(value, secrets)
    if isinstance(value, Mapping):
        return {str(key): _masked(str(key), one, secrets, depth + 1) for key, one in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_masked("", one, secrets, depth + 1) for one in value]
    return mask_text(str(value), secrets)
