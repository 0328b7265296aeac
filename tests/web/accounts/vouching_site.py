"""An identity provider of its own, on loopback: allauth's, in a process, for the sign-in tests.

    python vouching_site.py FOLDER PORT_FILE REDIRECT_URI…

``/enter/<name>/`` signs a browser in there. ``/signed/userinfo`` answers as ProConnect does, in
a signed JWT; ``/wrong/userinfo`` names somebody else.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from wsgiref.simple_server import WSGIRequestHandler, make_server

import django
import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from django.conf import settings

FOLDER, PORT_FILE, REDIRECTS = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3:]
CLIENT, SECRET = "hygie", "invented secret"
PEOPLE = {
    "verified": ("verifie@essai.example", True),
    "unverified": ("douteux@essai.example", False),
    "nobody": ("inconnu@essai.example", True),
}
KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048).private_bytes(
    serialization.Encoding.PEM,
    serialization.PrivateFormat.PKCS8,
    serialization.NoEncryption(),
)

settings.configure(
    SECRET_KEY="invented",
    ALLOWED_HOSTS=["127.0.0.1"],
    ROOT_URLCONF="__main__",
    DATABASES={
        "default": {"ENGINE": "django.db.backends.sqlite3", "NAME": str(FOLDER / "idp.sqlite3")}
    },
    INSTALLED_APPS=[
        "django.contrib.auth",
        "django.contrib.contenttypes",
        "django.contrib.sessions",
        "django.contrib.messages",
        "allauth",
        "allauth.account",
        "allauth.idp.oidc",
    ],
    MIDDLEWARE=[
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.contrib.auth.middleware.AuthenticationMiddleware",
        "django.contrib.messages.middleware.MessageMiddleware",
        "allauth.account.middleware.AccountMiddleware",
    ],
    TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True}],
    DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
    LOGIN_URL="/none/",
    USE_TZ=True,
    IDP_OIDC_PRIVATE_KEY=KEY.decode(),
)
django.setup()

from allauth.account.models import EmailAddress  # noqa: E402 - after setup
from allauth.idp.oidc.models import Client  # noqa: E402
from allauth.idp.oidc.views import jwks, user_info  # noqa: E402
from django.contrib.auth import get_user_model, login  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.core.wsgi import get_wsgi_application  # noqa: E402
from django.http import HttpRequest, HttpResponse, JsonResponse  # noqa: E402
from django.urls import include, path  # noqa: E402


def enter(request: HttpRequest, name: str) -> HttpResponse:
    user = get_user_model().objects.get(username=name)
    login(request, user, backend="django.contrib.auth.backends.ModelBackend")
    return HttpResponse("entered")


def signed(request: HttpRequest) -> HttpResponse:
    claims = json.loads(user_info(request).content)
    issuer = request.build_absolute_uri("/").rstrip("/")
    kid = json.loads(jwks(request).content)["keys"][0]["kid"]
    text = jwt.encode(
        {**claims, "iss": issuer, "aud": CLIENT}, KEY, algorithm="RS256", headers={"kid": kid}
    )
    return HttpResponse(text, content_type="application/jwt")


def wrong(request: HttpRequest) -> HttpResponse:
    return JsonResponse({**json.loads(user_info(request).content), "sub": "somebody else"})


urlpatterns = [
    path("enter/<str:name>/", enter),
    path("signed/userinfo", signed),
    path("wrong/userinfo", wrong),
    path("", include("allauth.idp.urls")),
]


class Quiet(WSGIRequestHandler):
    def log_message(self, *_: object) -> None:
        """Say nothing: the test reads no log."""


def main() -> None:
    call_command("migrate", verbosity=0)
    for name, (email, verified) in PEOPLE.items():
        user = get_user_model().objects.create_user(name, email)
        EmailAddress.objects.create(user=user, email=email, verified=verified, primary=True)
    client = Client(
        id=CLIENT,
        name="Hygie",
        scopes="openid\nscope_all\nemail\ngiven_name\nusual_name\nsiret",
        redirect_uris="\n".join(REDIRECTS),
        skip_consent=True,
    )
    client.set_secret(SECRET)
    client.save()
    with make_server("127.0.0.1", 0, get_wsgi_application(), handler_class=Quiet) as server:
        waiting = PORT_FILE.with_suffix(".part")
        waiting.write_text(str(server.server_port))
        waiting.replace(PORT_FILE)
        server.serve_forever()


main()
