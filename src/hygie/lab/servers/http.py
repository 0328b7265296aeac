"""Web sites of the lab over HTTP or HTTPS: one request, one page, end."""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING

from hygie.lab.care_pages import CARE_PAGES
from hygie.lab.certificates import TlsSettings
from hygie.lab.pages import PAGES, SECURITY_TXT
from hygie.lab.servers.call import answering

if TYPE_CHECKING:
    from hygie.lab.pages import Page
    from hygie.lab.servers.call import Call


@dataclass(frozen=True, slots=True)
class HttpSettings(TlsSettings):
    """What a site answers.

    Attributes:
        tls: speak TLS from the first byte.
        page: a key of ``pages.PAGES``, ``redirect`` (to the same name over TLS) or ``mta-sts``.
        version: shown by the pages of products.
        server: the Server header, None for none.
        powered_by: the X-Powered-By header, None for none.
        hsts: seconds of Strict-Transport-Security, None for none.
        csp: send a Content-Security-Policy.
        nosniff: send X-Content-Type-Options.
        referrer: send a Referrer-Policy.
        insecure_cookie: name of a cookie without Secure nor HttpOnly, None for none.
        security_txt: publish /.well-known/security.txt (RFC 9116).
        fhir: a FHIR server stands at /fhir: ``open`` declares no security, ``secured`` declares
            some, ``refused`` asks who calls; None for none.
        dicomweb: a search stands at /dicom-web: ``open`` to all, or ``refused``; None for none.
    """

    tls: bool = False
    page: str = "hospital"
    version: str = ""
    server: str | None = "nginx"
    powered_by: str | None = None
    hsts: int | None = None
    csp: bool = False
    nosniff: bool = False
    referrer: bool = False
    insecure_cookie: str | None = None
    security_txt: bool = False
    fhir: str | None = None
    dicomweb: str | None = None


async def serve(call: Call) -> None:
    """Answer one request and hang up."""
    settings = HttpSettings(**call.settings)
    async with answering(call, tls=call.tls_context() if settings.tls else None) as line:
        head = await line.reader.readuntil(b"\r\n\r\n")
        method, _, rest = head.decode("latin-1").partition(" ")
        path = rest.split(" ")[0].split("?")[0]
        await line.send(respond(method, path, call.host, settings))


def respond(method: str, path: str, host: str, settings: HttpSettings) -> bytes:
    """Return the whole response, head and body; HEAD gets the head alone."""
    status, page = _page(path, host, settings)
    body = page.body.encode()
    headers = {
        "Content-Type": page.content_type,
        "Content-Length": str(len(body)),
        "Connection": "close",
        **_headers(settings),
        **page.headers,
    }
    lines = [f"HTTP/1.1 {status} {status.phrase}", *(f"{k}: {v}" for k, v in headers.items())]
    head = "\r\n".join([*lines, "", ""]).encode("latin-1", "replace")
    return head if method == "HEAD" else head + body


def _page(path: str, host: str, settings: HttpSettings) -> tuple[HTTPStatus, Page]:
    if settings.page == "redirect":
        location = {"Location": f"https://{host}{path}"}
        return HTTPStatus.MOVED_PERMANENTLY, PAGES["moved"](host, "").with_headers(location)
    if path == "/.well-known/security.txt":
        if settings.security_txt:
            return HTTPStatus.OK, SECURITY_TXT(host, "")
        return HTTPStatus.NOT_FOUND, PAGES["missing"](host, "")
    if (care := _care_page(path, host, settings)) is not None:
        return care
    return HTTPStatus.OK, PAGES[settings.page](host, settings.version)


def _care_page(path: str, host: str, settings: HttpSettings) -> tuple[HTTPStatus, Page] | None:
    """Return the answer of a care server, or that there is none at the places where one lies."""
    missing = PAGES["missing"](host, "")
    kind = {"/fhir/metadata": settings.fhir, "/dicom-web/studies": settings.dicomweb}.get(path)
    if kind is not None:
        if kind == "refused":
            return HTTPStatus.UNAUTHORIZED, missing
        return HTTPStatus.OK, CARE_PAGES[path](kind)
    if path.startswith(("/fhir/", "/metadata", "/dicom", "/dcm4chee")):
        return HTTPStatus.NOT_FOUND, missing
    return None


def _headers(settings: HttpSettings) -> dict[str, str]:
    hsts = settings.hsts is not None and f"max-age={settings.hsts}; includeSubDomains"
    cookie = settings.insecure_cookie and f"{settings.insecure_cookie}=invente; Path=/"
    wanted = {
        "Server": settings.server,
        "X-Powered-By": settings.powered_by,
        "Strict-Transport-Security": hsts,
        "Content-Security-Policy": settings.csp and "default-src 'self'",
        "X-Content-Type-Options": settings.nosniff and "nosniff",
        "Referrer-Policy": settings.referrer and "same-origin",
        "Set-Cookie": cookie,
    }
    return {name: value for name, value in wanted.items() if value}
