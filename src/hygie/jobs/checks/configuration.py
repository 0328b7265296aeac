"""Settings that are unsafe outside a demonstration."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from hygie.jobs.checks.check import Check, Status

if TYPE_CHECKING:
    from collections.abc import Sequence

SECRET_MIN: Final = 40
_LOOPBACK: Final = frozenset({"127.0.0.1", "localhost", "[::1]"})


def check_debug(*, debug: bool, demo: bool) -> Check:
    """Refuse debug pages, which print settings; warn of one-click accounts."""
    name, title = "settings.debug", "Mode de mise au point"
    if debug:
        return Check(
            name, title, Status.BROKEN, "HYGIE_DEBUG=1 : les erreurs montrent le code",
            "Retirez HYGIE_DEBUG de l’environnement, puis redémarrez le site.",
        )  # fmt: skip
    if demo:
        return Check(
            name, title, Status.WARNING, "HYGIE_DEMO=1 : on entre sans mot de passe",
            "Retirez HYGIE_DEMO sur tout site qui contient de vraies données.",
        )  # fmt: skip
    return Check(name, title, Status.GOOD, "éteint")


def check_secret(secret: str) -> Check:
    """Refuse a short secret key; its value is never shown."""
    name, title = "settings.secret", "Clé secrète"
    if len(secret) < SECRET_MIN or len(set(secret)) < 10:  # noqa: PLR2004 - "aaaa…" is no secret
        return Check(
            name, title, Status.BROKEN, f"moins de {SECRET_MIN} caractères variés",
            "Retirez HYGIE_SECRET_KEY : Hygie tire et garde une clé sûre dans HYGIE_HOME.",
        )  # fmt: skip
    return Check(name, title, Status.GOOD, f"{len(secret)} caractères")


def check_hosts(hosts: Sequence[str]) -> Check:
    """Refuse the wildcard; warn when only this machine can reach the site."""
    name, title = "settings.hosts", "Noms du site"
    if "*" in hosts:
        return Check(
            name, title, Status.BROKEN, "HYGIE_ALLOWED_HOSTS accepte tous les noms",
            "Écrivez-y le nom du site, par exemple hygie.example.org,127.0.0.1.",
        )  # fmt: skip
    if set(hosts) <= _LOOPBACK:
        return Check(
            name, title, Status.WARNING, "le site ne répond qu’à cette machine",
            "Pour l’ouvrir, écrivez son nom dans HYGIE_ALLOWED_HOSTS.",
        )  # fmt: skip
    return Check(name, title, Status.GOOD, ", ".join(hosts))


def check_https(*, https: bool, hosts: Sequence[str]) -> Check:
    """Refuse cookies in clear as soon as the site has a name of its own."""
    name, title = "settings.https", "HTTPS"
    if https:
        return Check(name, title, Status.GOOD, "témoins sur TLS seulement, HSTS d’un an")
    remedy = "Posez HYGIE_HTTPS=1 derrière un serveur TLS (voir deploy/nginx.conf)."
    if set(hosts) <= _LOOPBACK:
        return Check(name, title, Status.WARNING, "HTTP, sur cette machine seulement", remedy)
    return Check(name, title, Status.BROKEN, "mots de passe et témoins passent en clair", remedy)
