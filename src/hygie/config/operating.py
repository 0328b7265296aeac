"""What an operator adds to the environment: logs, metrics, contact for security.

Apart from ``environment`` because nothing here changes what Hygie does, only what it tells.
"""

from __future__ import annotations

import datetime as dt
import ipaddress
import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hygie.config.logs.syslog import parse_collector
from hygie.vocabulary.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping

LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")


@dataclass(frozen=True, slots=True)
class Operating:
    """What the process was told about being operated.

    Attributes:
        log_form: HYGIE_LOG, ``text`` or ``json``.
        log_level: HYGIE_LOG_LEVEL; INFO for json, WARNING for text.
        syslog_url: HYGIE_SYSLOG_URL, ``syslog+tls://host:6514?ca=FILE``, empty for none.
        metrics_token: HYGIE_METRICS_TOKEN, lets a collector read /metrics from afar.
        metrics_allowed: HYGIE_METRICS_ALLOWED, networks that read it without, by commas.
        security_contact: HYGIE_SECURITY_CONTACT, address or page for reports of flaws.
        security_policy: HYGIE_SECURITY_POLICY, page that says how they are handled.
        probes_per_second: HYGIE_PROBES_PER_SECOND, connections of all workers together.
        region_delay_h: HYGIE_REGION_DELAY_HOURS, time an establishment has before its ARS is
            told of a new or returned exposure.
        timestamp_url: HYGIE_TIMESTAMP_URL, RFC 3161 authority that dates grades, empty for none.
        timestamp_ca: HYGIE_TIMESTAMP_CA, PEM file of the certificates it is trusted by.
        regimes_in_force: first day of regimes that are only prepared; HYGIE_NIS2_FROM gives
            that of NIS 2, once the law has one.
    """

    log_form: str
    log_level: str
    syslog_url: str
    metrics_token: str
    metrics_allowed: tuple[str, ...]
    security_contact: str
    security_policy: str
    probes_per_second: int
    region_delay_h: int
    timestamp_url: str
    timestamp_ca: str
    regimes_in_force: Mapping[str, dt.date | None]


def read_operating(variables: Mapping[str, str] = os.environ) -> Operating:
    """Return what the environment says.

    Raises:
        UsageError: if a value is not one of those understood.
    """
    form = variables.get("HYGIE_LOG", "text")
    if form not in ("text", "json"):
        raise UsageError(f"HYGIE_LOG : « {form} » inconnu ; écrivez text ou json")
    level = variables.get("HYGIE_LOG_LEVEL", "INFO" if form == "json" else "WARNING").upper()
    if level not in LEVELS:
        raise UsageError(f"HYGIE_LOG_LEVEL : écrivez {', '.join(LEVELS)}")
    syslog_url = variables.get("HYGIE_SYSLOG_URL", "")
    if syslog_url:
        parse_collector(syslog_url)
    return Operating(
        log_form=form,
        log_level=level,
        syslog_url=syslog_url,
        metrics_token=_token(variables.get("HYGIE_METRICS_TOKEN", "")),
        metrics_allowed=_networks(variables.get("HYGIE_METRICS_ALLOWED", "127.0.0.1,::1")),
        security_contact=variables.get("HYGIE_SECURITY_CONTACT", ""),
        security_policy=variables.get("HYGIE_SECURITY_POLICY", ""),
        probes_per_second=_number(variables, "HYGIE_PROBES_PER_SECOND", 400, most=10_000),
        region_delay_h=_number(variables, "HYGIE_REGION_DELAY_HOURS", 72, most=24 * 365),
        timestamp_url=variables.get("HYGIE_TIMESTAMP_URL", ""),
        timestamp_ca=variables.get("HYGIE_TIMESTAMP_CA", ""),
        regimes_in_force=_in_force(variables.get("HYGIE_NIS2_FROM", "")),
    )


def _number(variables: Mapping[str, str], name: str, default: int, *, most: int) -> int:
    text = variables.get(name, "")
    if not text:
        return default
    if not (text.isascii() and text.isdigit() and 1 <= int(text) <= most):
        raise UsageError(f"{name} : un nombre entier de 1 à {most} est attendu")
    return int(text)


def _in_force(nis2: str) -> Mapping[str, dt.date | None]:
    if not nis2:
        return {}
    try:
        return {"regime.nis2": dt.date.fromisoformat(nis2)}
    except ValueError as error:
        raise UsageError("HYGIE_NIS2_FROM : écrivez un jour AAAA-MM-JJ") from error


def _token(token: str) -> str:
    if token and len(token) < 24:  # noqa: PLR2004 - shorter ones are guessed
        raise UsageError("HYGIE_METRICS_TOKEN : au moins 24 caractères, tirés au hasard")
    return token


def _networks(text: str) -> tuple[str, ...]:
    names = tuple(part.strip() for part in text.split(",") if part.strip())
    for name in names:
        try:
            ipaddress.ip_network(name, strict=False)
        except ValueError as error:
            raise UsageError(
                f"HYGIE_METRICS_ALLOWED : « {name} » n’est pas une adresse ni un réseau"
            ) from error
    return names
