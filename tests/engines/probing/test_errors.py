from __future__ import annotations

from hygie.engines.probing.errors import (
    ForbiddenError,
    ProbeError,
    ProtocolError,
    StoppedError,
    UnresolvedError,
)


def test_each_error_is_one_reason_of_the_vocabulary() -> None:
    kinds: list[type[ProbeError]] = [ProtocolError, UnresolvedError, ForbiddenError, StoppedError]

    assert [kind.reason for kind in kinds] == ["protocol", "unresolved", "forbidden", "stopped"]


def test_a_stop_is_a_refusal() -> None:
    assert issubclass(StoppedError, ForbiddenError)
