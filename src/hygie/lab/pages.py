"""The pages of the lab, written by us: they carry the few marks by which products are known."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from html import escape
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


@dataclass(frozen=True, slots=True)
class Page:
    """A body and the headers that belong to it."""

    body: str
    content_type: str = "text/html; charset=utf-8"
    headers: Mapping[str, str] = field(default_factory=dict)

    def with_headers(self, headers: Mapping[str, str]) -> Page:
        """Return the same page with more headers."""
        return replace(self, headers={**self.headers, **headers})


def _html(title: str, body: str, head: str = "") -> str:
    return (
        f'<!doctype html>\n<html lang="fr"><head><meta charset="utf-8">{head}'
        f"<title>{escape(title)}</title></head>\n<body>{body}</body></html>\n"
    )


def _form(action: str) -> str:
    return (
        f'<form method="post" action="{action}"><label>Identifiant <input name="username"></label>'
        '<label>Mot de passe <input name="password" type="password"></label>'
        "<button>Connexion</button></form>"
    )


def _hospital(host: str, _version: str) -> Page:
    text = "Établissement inventé du laboratoire Hygie : aucun soin n’y est donné."
    return Page(_html(f"Bienvenue sur {host}", f"<h1>{escape(host)}</h1><p>{text}</p>"))


def _fortinet(_host: str, version: str) -> Page:
    head = f'<meta name="generator" content="FortiOS {escape(version)}">'
    body = (
        f'<div class="fortinet-sslvpn" data-product="FortiOS" data-version="{escape(version)}">'
        f"<h1>FortiGate SSL-VPN</h1>{_form('/remote/logincheck')}</div>"
    )
    return Page(_html("SSL-VPN Login", body, head), headers={"X-Product": f"FortiOS v{version}"})


def _citrix(_host: str, version: str) -> Page:
    release, _, build = escape(version).partition("-")
    head = f'<meta name="generator" content="NetScaler NS{release}: Build {build}">'
    body = f'<div id="vpn-logon"><h1>NetScaler Gateway</h1>{_form("/cgi/login")}</div>'
    cookies = {"Set-Cookie": "NSC_TMAS=invente; Path=/; Secure; HttpOnly"}
    return Page(_html("Citrix Gateway", body, head), headers=cookies)


def _pulse(_host: str, version: str) -> Page:
    head = f'<meta name="generator" content="Pulse Connect Secure {escape(version)}">'
    body = f"<h1>Pulse Connect Secure</h1>{_form('/dana-na/auth/url_default/login.cgi')}"
    cookies = {"Set-Cookie": "DSSIGNIN=invente; Path=/dana-na/; Secure; HttpOnly"}
    return Page(_html("Pulse Connect Secure", body, head), headers=cookies)


def _outlook(_host: str, version: str) -> Page:
    build = escape(version.rpartition(".")[0])
    head = f'<link rel="icon" href="/owa/auth/{build}/themes/resources/favicon.ico">'
    body = f'<div class="owaLogon"><h1>Outlook</h1>{_form("/owa/auth.owa")}</div>'
    return Page(_html("Outlook", body, head), headers={"X-OWA-Version": version})


def _glpi(_host: str, version: str) -> Page:
    footer = f'<footer>GLPI version <a href="/">GLPI {escape(version)}</a> Copyright</footer>'
    head = f'<meta name="generator" content="GLPI {escape(version)}">'
    cookies = {"Set-Cookie": "glpi_0001=invente; Path=/; Secure; HttpOnly"}
    body = _form("/front/login.php") + footer
    return Page(_html("Authentification - GLPI", body, head), headers=cookies)


def _directory(_host: str, _version: str) -> Page:
    names = ("../", "plannings-2019/", "sauvegarde.old/", "organigramme.pdf")
    links = "\n".join(f'<a href="{name}">{name}</a>' for name in names)
    return Page(_html("Index of /", f"<h1>Index of /</h1><pre>{links}</pre>"))


def _policy(host: str, _version: str) -> Page:
    domain = host.partition(".")[2]
    text = f"version: STSv1\r\nmode: enforce\r\nmx: mail.{domain}\r\nmax_age: 604800\r\n"
    return Page(text, content_type="text/plain")


def _moved(_host: str, _version: str) -> Page:
    return Page(_html("Déplacé", "<p>Cette page est servie en HTTPS.</p>"))


def _missing(_host: str, _version: str) -> Page:
    return Page(_html("Absent", "<p>Rien ici.</p>"))


def _security_txt(host: str, _version: str) -> Page:
    text = f"Contact: mailto:securite@{host}\nExpires: 2099-12-31T23:59:59Z\n"
    return Page(text + "Preferred-Languages: fr, en\n", content_type="text/plain; charset=utf-8")


SECURITY_TXT: Final[Callable[[str, str], Page]] = _security_txt
"""The file of RFC 9116."""

PAGES: Final[Mapping[str, Callable[[str, str], Page]]] = {
    "hospital": _hospital,
    "fortinet": _fortinet,
    "citrix": _citrix,
    "pulse": _pulse,
    "owa": _outlook,
    "glpi": _glpi,
    "directory": _directory,
    "mta-sts": _policy,
    "moved": _moved,
    "missing": _missing,
}
"""Each page by its name; called with the host and the version of the product."""
