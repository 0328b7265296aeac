"""Count every packet of this network namespace, by where it goes. Linux, root."""

from __future__ import annotations

import ipaddress
import socket
import threading
import time
from collections import Counter
from typing import Final

_EVERY_PROTOCOL: Final = 0x0003
_ETHERNET: Final = 14
_IPV4, _IPV6, _ICMPV6 = 0x0800, 0x86DD, 58


class Counting:
    """Every destination seen on any interface since the start, told by ``stop``."""

    def __init__(self) -> None:
        self._line = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(_EVERY_PROTOCOL))
        self._line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 64 * 1024 * 1024)
        self._line.settimeout(0.2)
        self.seen: Counter[str] = Counter()
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._count, daemon=True)
        self._thread.start()

    def _count(self) -> None:
        while True:
            try:
                frame = self._line.recv(128)
            except TimeoutError:
                if self._over.is_set():
                    return
                continue
            if (destination := destination_of(frame)) is not None:
                self.seen[destination] += 1

    def stop(self) -> Counter[str]:
        """Return the counts; a packet that the kernel dropped uncounted is an error."""
        time.sleep(0.3)
        self._over.set()
        self._thread.join(5)
        _, dropped = _statistics(self._line)
        self._line.close()
        assert dropped == 0
        return self.seen


def _statistics(line: socket.socket) -> tuple[int, int]:
    raw = line.getsockopt(263, 6, 8)  # SOL_PACKET, PACKET_STATISTICS: two unsigned
    return int.from_bytes(raw[:4], "little"), int.from_bytes(raw[4:], "little")


def destination_of(frame: bytes) -> str | None:
    """Return the address a frame goes to; the kernel's own IPv6 housekeeping is not counted."""
    kind = int.from_bytes(frame[12:14], "big")
    packet = frame[_ETHERNET:]
    if kind == _IPV4 and len(packet) >= 20:
        return str(ipaddress.IPv4Address(packet[16:20]))
    if kind == _IPV6 and len(packet) >= 40 and packet[6] not in (_ICMPV6, 0):
        return str(ipaddress.IPv6Address(packet[24:40]))
    return None
