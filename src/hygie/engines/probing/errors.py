"""Why a probe could not observe: one tree, each leaf one ``NotObserved.reason``."""

from __future__ import annotations

from hygie.vocabulary.errors import HygieError


class ProbeError(HygieError):
    """A question that got no usable answer; ``str(error)`` is the French line for the screen."""

    reason = "protocol"


class ProtocolError(ProbeError):
    """The bytes received are not what the protocol prescribes, or pass a bound."""


class UnresolvedError(ProbeError):
    """The name has no address."""

    reason = "unresolved"


class ForbiddenError(ProbeError):
    """The packet would leave the mandate, or reach a range that is never probed."""

    reason = "forbidden"


class StoppedError(ForbiddenError):
    """Surveillance was stopped; nothing more leaves."""

    reason = "stopped"
