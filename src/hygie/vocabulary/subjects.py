"""How a person writes what was asked: a name, ``host:port``, ``[address]:port``."""

from __future__ import annotations


def host_of(subject: str) -> str:
    """Return the host of ``host:port`` or ``[address]:port``, or the name itself."""
    host, separator, port = subject.rpartition(":")
    if not (separator and port.isdigit()):
        return subject
    if ":" in host:  # IPv6: only brackets tell a port from the end of the address
        return host[1:-1] if host.startswith("[") and host.endswith("]") else subject
    return host
