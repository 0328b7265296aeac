"""Check what a mandate may cover: names that somebody holds, addresses of the Internet. Pure.

A signature covers what its signatory holds; a whole public suffix (``fr``, ``gouv.fr``), the
shared domain of a host, a private or very wide network never is.
"""

from __future__ import annotations

import ipaddress
import re
from typing import Final

from django.utils.translation import gettext as _

from hygie.domain.estate.mandates import Line
from hygie.domain.estate.models import PerimeterKind
from hygie.engines.exchange.estate_fields import FieldError, read_domain
from hygie.vocabulary.errors import UsageError

MAX_LINES: Final = 500
"""Lines of one perimeter; more is a list nobody read before signing."""

WIDEST_IPV4: Final = 20
WIDEST_IPV6: Final = 48
"""Shortest prefixes allowed: 4,096 addresses, one site of RFC 6177."""


def _words(text: str) -> list[str]:
    return text.split()


class PerimeterError(UsageError):
    """A line of a perimeter that no mandate may cover."""


_SHARED: Final = frozenset(
    _words("""
    aeroport.fr asso.fr avocat.fr avoues.fr cci.fr chambagri.fr chirurgiens-dentistes.fr com.fr
    experts-comptables.fr geometre-expert.fr gouv.fr greta.fr huissier-justice.fr medecin.fr
    nom.fr notaires.fr pharmacien.fr port.fr prd.fr tm.fr veterinaire.fr
    asso.re com.re nom.re asso.nc nom.nc asso.gp com.gp edu.gp mobi.gp net.gp org.gp
    com.pf edu.pf org.pf
    amazonaws.com appspot.com azurewebsites.net blogspot.com cloudapp.net cloudfront.net
    e-monsite.com github.io gitlab.io herokuapp.com hosting.ovh.net netlify.app ovh.net
    onmicrosoft.com sharepoint.com vercel.app web.app wixsite.com wordpress.com
    """)
)
"""Second-level names open to registration, and domains that hosts share among customers.

Source: https://publicsuffix.org/list/ for the French zones, read by hand.
"""
_REGISTRY_LABEL: Final = re.compile(r"(?:ac|asso|co|com|edu|gob|gouv|gov|net|nhs|nom|org)")
_COUNTRY_LABELS: Final = 2

_NOT_INTERNET: Final = tuple(
    map(
        ipaddress.ip_network,
        _words("""
        0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12
        192.0.0.0/24 192.0.2.0/24 192.168.0.0/16 198.18.0.0/15 198.51.100.0/24 203.0.113.0/24
        224.0.0.0/4 240.0.0.0/4
        2001::/32 2001:db8::/32 2002::/16 3fff::/20
        """),
    )
)
"""Source: IANA special-purpose address registries (RFC 6890, RFC 9637)."""
_IPV6_INTERNET: Final = ipaddress.IPv6Network("2000::/3")


def domain_line(text: str) -> Line:
    """Return the line of a domain with its subdomains.

    Raises:
        PerimeterError: if it is not a domain name, or nobody holds it alone.
    """
    name = _name(text)
    if name in _SHARED or _is_registry(name):
        raise PerimeterError(
            _(
                "« {name} » est partagé entre de nombreux titulaires : donnez le domaine de "
                "l’établissement, par exemple ch-exemple.fr"
            ).format(name=name)
        )
    return Line(PerimeterKind.DOMAIN, name)


def host_line(text: str) -> Line:
    """Return the line of one exact host name.

    Raises:
        PerimeterError: if it is not a host name; an address is told to be a network.
    """
    return Line(PerimeterKind.HOST, _name(text))


def network_line(text: str) -> Line:
    """Return the line of an address or a network.

    Raises:
        PerimeterError: if it is malformed, wider than WIDEST_IPV4 or WIDEST_IPV6, or holds
            addresses that are not of the Internet.
    """
    shown = text.strip()[:60]
    try:
        network = ipaddress.ip_network(text.strip())
    except ValueError as error:
        raise PerimeterError(
            _(
                "« {text} » n’est ni une adresse ni un réseau ; écrivez-le comme 192.0.2.1 ou "
                "192.0.2.0/24, sans bit d’hôte"
            ).format(text=shown)
        ) from error
    widest = WIDEST_IPV4 if network.version == 4 else WIDEST_IPV6  # noqa: PLR2004 - IPv4
    if network.prefixlen < widest:
        raise PerimeterError(
            _("« {text} » est trop large : /{widest} au plus en IPv{version} ; découpez-le").format(
                text=shown, widest=widest, version=network.version
            )
        )
    if _holds_private(network):
        raise PerimeterError(
            _(
                "« {text} » n’est pas une adresse d’Internet (privée ou réservée) ; donnez "
                "l’adresse publique"
            ).format(text=shown)
        )
    one = network.num_addresses == 1
    return Line(PerimeterKind.NETWORK, str(network.network_address if one else network))


def checked_line(line: Line) -> Line:
    """Return the line in canonical form.

    Raises:
        PerimeterError: as the function of its kind, or if the kind is not known.
    """
    makers = {
        PerimeterKind.DOMAIN.value: domain_line,
        PerimeterKind.HOST.value: host_line,
        PerimeterKind.NETWORK.value: network_line,
    }
    maker = makers.get(str(line.kind))
    if maker is None:
        raise PerimeterError(_("nature de périmètre inconnue : {kind}").format(kind=line.kind))
    return maker(line.value)


def _name(text: str) -> str:
    try:
        return read_domain(text)
    except FieldError as error:
        raise PerimeterError(error.message) from error


def _is_registry(name: str) -> bool:
    labels = name.split(".")
    return (
        len(labels) == _COUNTRY_LABELS
        and len(labels[1]) == _COUNTRY_LABELS
        and _REGISTRY_LABEL.fullmatch(labels[0]) is not None
    )


def _holds_private(network: ipaddress.IPv4Network | ipaddress.IPv6Network) -> bool:
    if isinstance(network, ipaddress.IPv6Network) and not network.subnet_of(_IPV6_INTERNET):
        return True
    return any(
        network.version == special.version and network.overlaps(special)
        for special in _NOT_INTERNET
    )
