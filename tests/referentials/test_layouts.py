from __future__ import annotations

import datetime as dt

from hygie.engines.clocks.regimes import regimes_as_of
from hygie.referentials.layouts import layout_for

TODAY = dt.date(2026, 11, 25)


def test_each_recipient_of_a_regime_has_a_form() -> None:
    for regime in regimes_as_of(TODAY):
        layout = layout_for(regime.recipient.id, on=TODAY)
        assert layout.recipient in ("all", regime.recipient.id)
        assert len(layout.fields) == len(set(layout.fields))


def test_the_form_of_the_health_cert_is_its_own_and_unconfirmed() -> None:
    layout = layout_for("cert-sante", on=TODAY)

    assert layout.recipient == "cert-sante"
    assert layout.source.confidence == "C"


def test_no_form_asks_for_a_person() -> None:
    for recipient in ("all", "cert-sante", "anssi", "cnil"):
        fields = " ".join(layout_for(recipient, on=TODAY).fields)
        assert not any(word in fields for word in ("person", "phone", "mail", "patient"))
