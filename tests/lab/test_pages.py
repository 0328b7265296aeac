from __future__ import annotations

import pytest

from hygie.lab.pages import PAGES, SECURITY_TXT


@pytest.mark.parametrize("name", sorted(set(PAGES) - {"mta-sts"}))
def test_every_page_is_whole_and_titled(name: str) -> None:
    page = PAGES[name]("www.x.example", "13.0-58.32")

    assert page.body.startswith("<!doctype html>")
    assert page.body.rstrip().endswith("</html>")
    assert "<title>" in page.body


def test_the_mail_policy_names_the_mail_host_of_its_domain() -> None:
    assert "mx: mail.x.example\r\n" in PAGES["mta-sts"]("mta-sts.x.example", "").body


def test_headers_are_added_beside_those_of_the_page() -> None:
    page = PAGES["owa"]("www.x.example", "15.1.2044.4").with_headers({"Location": "/"})

    assert page.headers == {"X-OWA-Version": "15.1.2044.4", "Location": "/"}


def test_security_txt_has_the_fields_that_are_required() -> None:
    body = SECURITY_TXT("www.x.example", "").body

    assert "Contact: " in body
    assert "Expires: " in body
