"""Tell a recipient: the document, its fingerprint, when and how it left; never overwritten."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from hygie.domain.incidents.content import CLOCK_SLACK, IncidentError
from hygie.domain.incidents.duties import day_of
from hygie.domain.incidents.models import Channel, Duty, Filing
from hygie.domain.journal.actions import Act, record
from hygie.referentials.layouts import layout_for

if TYPE_CHECKING:
    import datetime as dt

    from hygie.domain.incidents.models import Incident, Version
    from hygie.vocabulary.facts import Json

PROOF_MAX = 300


def document_for(duty: Duty, version: Version) -> dict[str, Json]:
    """Return what the recipient of a duty is told of a version, in the order of its form."""
    incident = duty.incident
    layout = layout_for(duty.recipient, on=day_of(incident))
    whole = _whole(incident, version)
    whole["others"] = [
        {"recipient": one.duty.recipient, "filed_at": one.filed_at.isoformat()}
        for one in incident.filings.select_related("duty").exclude(duty=duty)
    ]
    content: dict[str, Json] = {}
    for path in layout.fields:
        head, _dot, tail = path.partition(".")
        value = whole[head]
        content[path] = value.get(tail) if tail and isinstance(value, dict) else value
    return {
        "format": "hygie.incident.filing",
        "format_version": 1,
        "title": layout.label.fr,
        "regime": duty.regime,
        "regime_version": duty.regime_version,
        "step": duty.step,
        "recipient": duty.recipient,
        "version": version.number,
        "exercise": incident.is_exercise,
        "content": content,
    }


def file_duty(
    duty: Duty,
    *,
    channel: Channel,
    filed_at: dt.datetime,
    actor: str,
    now: dt.datetime,
    proof: str = "",
    on_behalf_of: str = "",
) -> Filing:
    """Note that a recipient was told, with what it was told; a second time is a supplement.

    Args:
        duty: what was owed.
        channel: how it left.
        filed_at: when it left; the past, for what was filed by hand.
        actor: who says so.
        now: aware time.
        proof: receipt number or similar, at most PROOF_MAX characters; by hand it is needed.
        on_behalf_of: for whom, empty for oneself.

    Raises:
        IncidentError: if it would have left before anybody knew or in the future, lacks its
            proof, or says again what was already sent.
    """
    if channel == Channel.HAND and not proof.strip():
        raise IncidentError(_("donnez le numéro d’accusé, ou à qui et comment vous l’avez dit"))
    with transaction.atomic():
        owed = Duty.objects.select_for_update(of=("self",)).get(pk=duty.pk)
        incident = owed.incident
        if filed_at > now + CLOCK_SLACK or (incident.aware_at and filed_at < incident.aware_at):
            raise IncidentError(_("l’envoi doit être entre la connaissance et maintenant"))
        version = incident.versions.latest("number")
        if owed.filings.filter(version=version).exists():
            raise IncidentError(_("cette version est déjà envoyée ; complétez l’incident d’abord"))
        document = document_for(owed, version)
        filing = Filing.objects.create(
            duty=owed,
            incident=incident,
            version=version,
            number=owed.filings.count() + 1,
            channel=channel,
            document=document,
            sha256=fingerprint(document),
            filed_at=filed_at,
            filed_by=actor,
            proof=proof.strip()[:PROOF_MAX],
        )
        detail = {"regime": owed.regime, "step": owed.step, "sha256": filing.sha256}
        act = Act("incident.filed", "incident", str(incident.pk), incident.node_id, detail)
        record(act, actor=actor, now=now, on_behalf_of=on_behalf_of)
    return filing


def fingerprint(document: dict[str, Json]) -> str:
    """Return the SHA-256 of a document as it is served: sorted, UTF-8, compact."""
    text = json.dumps(document, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def changes_between(before: Filing, after: Filing) -> list[tuple[str, Json, Json]]:
    """Return (field, before, after) for each field that a supplement says otherwise."""
    old, new = before.document["content"], after.document["content"]
    return [
        (field, old.get(field), new.get(field))
        for field in dict.fromkeys((*old, *new))
        if old.get(field) != new.get(field)
    ]


def _whole(incident: Incident, version: Version) -> dict[str, Json]:
    node = incident.node
    said = dict(version.content)
    answers = said.pop("answers", {})
    said["number"] = incident.number
    return {
        "structure": {
            "name": node.name,
            "finess": node.code,
            "kind": node.category_label,
            "address": " ".join(filter(None, (node.address, node.postal_code, node.commune))),
        },
        "incident": said,
        "answers": answers,
    }
