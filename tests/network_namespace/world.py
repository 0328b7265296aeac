"""A hostile neighbourhood inside one network namespace: names that lead out of the mandate.

Addresses are of ranges that the registries keep for no one's machines (192.88.99.0/24, RFC 7526;
192.52.193.0/24, RFC 7450; 2620:4f:8000::/48, RFC 7534), so that code for the Internet takes them
for public ones. Nothing exists there but loopback and a cable that leads nowhere.
"""

from __future__ import annotations

import itertools
import socket
import subprocess
import threading
from collections import Counter
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Final

import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rdatatype
import dns.rrset

if TYPE_CHECKING:
    from collections.abc import Iterator

INSIDE: Final = "192.88.99.10"
LISTED: Final = "192.88.99.20"
OUTSIDE: Final = "192.52.193.66"
UNLISTED: Final = "192.52.193.99"
INSIDE_V6: Final = "2620:4f:8000::10"
OUTSIDE_V6: Final = "2620:4f:8000::66"
RESOLVER: Final = ("127.0.0.1", 53)

_ZONES: Final[dict[tuple[str, str], list[str]]] = {
    ("essai.example", "A"): [INSIDE],
    ("essai.example", "AAAA"): ["::ffff:10.66.0.1"],
    ("essai.example", "NS"): ["ns1.dehors.example.", "ns2.essai.example."],
    ("essai.example", "MX"): ["10 mx.dehors.example.", "20 mx.essai.example."],
    ("essai.example", "CAA"): ['0 issue "ca.dehors.example"'],
    ("essai.example", "TXT"): [
        '"v=spf1 include:spf.dehors.example a:a.dehors.example exists:%{d}.r.dehors.example mx"'
    ],
    ("_dmarc.essai.example", "TXT"): ['"v=DMARC1; p=none; rua=mailto:x@dehors.example"'],
    ("_mta-sts.essai.example", "TXT"): ['"v=STSv1; id=1"'],
    ("_smtp._tls.essai.example", "TXT"): ['"v=TLSRPTv1; rua=https://dehors.example/r"'],
    ("mta-sts.essai.example", "CNAME"): ["sts.dehors.example."],
    ("selector1._domainkey.essai.example", "CNAME"): ["dkim.dehors.example."],
    ("dkim.dehors.example", "TXT"): ['"v=DKIM1; p=AAAA"'],
    ("www.essai.example", "A"): [INSIDE],
    ("nuage.essai.example", "CNAME"): ["tiers.dehors.example."],
    ("mx.essai.example", "A"): ["192.52.193.26"],
    ("ns2.essai.example", "A"): ["192.52.193.54"],
    ("spf.dehors.example", "TXT"): [f'"v=spf1 ip4:{OUTSIDE} a mx -all"'],
    ("r.dehors.example", "TXT"): ['"v=spf1 -all"'],
    **{
        (f"{name}.dehors.example", "A"): [f"192.52.193.{number}"]
        for number, name in enumerate(
            ("ns1", "mx", "spf", "a", "sts", "tiers", "ca", "piege", "r"), 30
        )
    },
    ("tiers.dehors.example", "AAAA"): [OUTSIDE_V6],
    ("mx.dehors.example", "AAAA"): [OUTSIDE_V6],
}
_REBINDING: Final = (OUTSIDE, "10.66.0.1", "127.0.0.77", "169.254.169.254", OUTSIDE)
_PAGE: Final = (
    b"HTTP/1.1 302 Found\r\nLocation: http://piege.dehors.example/\r\n"
    b"Refresh: 0; url=http://piege.dehors.example/\r\nContent-Length: 70\r\n\r\n"
    b'<img src="http://piege.dehors.example/x"><iframe src="//192.52.193.66/">'
)


def furnish() -> None:
    """Make the inside addresses, and a cable that leads nowhere as the way to everywhere else."""
    for command in (
        "link set lo up",
        f"address add {INSIDE}/32 dev lo",
        f"address add {LISTED}/32 dev lo",
        "link add leak type veth peer name drain",
        "link set leak arp off up",  # no neighbour is looked for: the packet itself leaves
        "link set drain up",
        f"route add default dev leak src {INSIDE}",
        f"-6 address add {INSIDE_V6}/128 dev lo nodad",
        f"-6 route add default dev leak src {INSIDE_V6}",
    ):
        subprocess.run(["ip", *command.split()], check=True, capture_output=True)


def interfaces() -> list[str]:
    """Return the names of what packets could go through."""
    return [name for _, name in socket.if_nameindex()]


class Names:
    """The resolver: ``pivot.essai.example`` gives another address at every question."""

    def __init__(self) -> None:
        self.asked: Counter[str] = Counter()
        self._rebinding = itertools.chain([INSIDE], itertools.cycle(_REBINDING))

    def answer(self, wire: bytes) -> bytes:
        query = dns.message.from_wire(wire)
        response = dns.message.make_response(query)
        response.flags |= dns.flags.RA
        question = query.question[0]
        name = question.name.to_text(omit_final_dot=True).lower()
        kind = dns.rdatatype.to_text(question.rdtype)
        self.asked[name] += 1
        for _ in range(4):
            values = self._values(name, kind)
            alias = _ZONES.get((name, "CNAME")) if not values else None
            if values:
                response.answer.append(dns.rrset.from_text_list(f"{name}.", 0, "IN", kind, values))
            if not alias:
                break
            response.answer.append(dns.rrset.from_text_list(f"{name}.", 0, "IN", "CNAME", alias))
            name = alias[0].rstrip(".")
        if not response.answer and not any(known == name for known, _ in _ZONES):
            response.set_rcode(dns.rcode.NXDOMAIN)
        return response.to_wire()

    def _values(self, name: str, kind: str) -> list[str]:
        if (name, kind) == ("pivot.essai.example", "A"):
            return [next(self._rebinding)]
        return _ZONES.get((name, kind), [])


@contextmanager
def serving() -> Iterator[Names]:
    """Run the resolver, and a site inside that wants its visitors elsewhere."""
    names = Names()
    resolver = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    resolver.bind(RESOLVER)
    threading.Thread(target=_resolve, args=(resolver, names), daemon=True).start()
    doors = [socket.create_server((INSIDE, port)) for port in (80, 8080, 25)]
    for door in doors:
        threading.Thread(target=_open_to_all, args=(door,), daemon=True).start()
    yield names


def _resolve(line: socket.socket, names: Names) -> None:
    while True:
        wire, sender = line.recvfrom(4_096)
        line.sendto(names.answer(wire), sender)


def _open_to_all(door: socket.socket) -> None:
    mail = door.getsockname()[1] == 25
    while True:
        client, _ = door.accept()
        threading.Thread(target=_entice, args=(client,), kwargs={"mail": mail}, daemon=True).start()


def _entice(client: socket.socket, *, mail: bool) -> None:
    with client, suppress(OSError):
        client.settimeout(5)
        if mail:
            client.sendall(b"220 mx.dehors.example ESMTP\r\n")
        client.recv(4_096)
        client.sendall(b"250 STARTTLS\r\n" if mail else _PAGE)
