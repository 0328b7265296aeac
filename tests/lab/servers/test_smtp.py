from __future__ import annotations

import smtplib
import ssl
from typing import TYPE_CHECKING

import pytest

from hygie.lab.network import State

if TYPE_CHECKING:
    from tests.lab.conftest import Lab

GOOD = "mail.ehpad-acheloos.example"


def test_a_good_server_offers_starttls_with_a_trusted_certificate(lab: Lab) -> None:
    with smtplib.SMTP(timeout=5) as client:
        code, greeting = client.connect(*lab.place(f"{GOOD}:25"))
        client._host = GOOD  # type: ignore[attr-defined] # the name to check the certificate for
        client.ehlo("client.example")
        assert (code, greeting) == (220, f"{GOOD} ESMTP Postfix".encode())
        assert client.has_extn("starttls")

        client.starttls(context=lab.trusting())

        assert client.ehlo("client.example")[0] == 250
        assert not client.has_extn("starttls")
        assert client.noop()[0] == 250


def test_an_expired_certificate_shows_after_starttls(lab: Lab) -> None:
    name = "mail.ch-val-hygie.example"
    client = smtplib.SMTP(timeout=5)
    client.connect(*lab.place(f"{name}:25"))
    client._host = name  # type: ignore[attr-defined] # the name to check the certificate for

    try:
        with pytest.raises(ssl.SSLError, match="expired"):
            client.starttls(context=lab.trusting())
    finally:
        client.close()


def test_a_server_without_starttls_gains_it_when_fixed(lab: Lab) -> None:
    place = lab.place("mail.ch-panacee.example:25")
    with smtplib.SMTP(*place, timeout=5) as client:
        client.ehlo("client.example")
        assert not client.has_extn("starttls")

    lab.turn("starttls-ch-panacee", State.FIXED)

    with smtplib.SMTP(*place, timeout=5) as client:
        client.ehlo("client.example")
        assert client.has_extn("starttls")


def test_no_mail_is_ever_taken(lab: Lab) -> None:
    with smtplib.SMTP(*lab.place(f"{GOOD}:25"), timeout=5) as client:
        client.helo("client.example")

        with pytest.raises(smtplib.SMTPSenderRefused):
            client.sendmail("a@x.example", ["b@x.example"], "bonjour")
