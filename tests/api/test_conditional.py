"""The same bytes are not sent twice, and nobody acts on what changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.test import Client, RequestFactory
from tests.api.conftest import new_key

from hygie.api.conditional import check_unchanged, etag_of
from hygie.api.problems import ProblemError
from hygie.api.rendering import JsonRenderer

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.web.world import World


@pytest.mark.parametrize("form", ["{}", "W/{}", '"autre", {}', "*"])
def test_a_known_tag_is_answered_without_a_body(
    form: str, world: World, caller: Callable[[str], Client]
) -> None:
    client, url = caller("rssi"), f"/api/v1/findings/{world.findings['own.flaw'].pk}"
    tag = client.get(url)["ETag"]

    answer = client.get(url, headers={"if-none-match": form.format(tag)})

    assert (answer.status_code, answer.content, answer["ETag"]) == (304, b"", tag)
    assert answer["Cache-Control"] == "private, no-cache"


def test_an_old_tag_gets_the_new_state(world: World, caller: Callable[[str], Client]) -> None:
    client, url = caller("rssi"), f"/api/v1/findings/{world.findings['own.flaw'].pk}"
    tag = client.get(url)["ETag"]
    client.post(f"{url}/take", content_type="application/json", headers=new_key())

    answer = client.get(url, headers={"if-none-match": tag})

    assert answer.status_code == 200
    assert answer.json()["state"] == "taken"


def test_a_move_on_what_was_read_gives_the_next_tag(
    world: World, caller: Callable[[str], Client]
) -> None:
    client, url = caller("rssi"), f"/api/v1/findings/{world.findings['own.flaw'].pk}"
    tag = client.get(url)["ETag"]

    answer = client.post(
        f"{url}/take", content_type="application/json", headers={**new_key(), "if-match": tag}
    )

    assert answer.status_code == 200
    assert answer["ETag"] == client.get(url)["ETag"] != tag


def test_a_move_on_what_changed_meanwhile_is_refused(
    world: World, caller: Callable[[str], Client]
) -> None:
    client, url = caller("rssi"), f"/api/v1/findings/{world.findings['own.flaw'].pk}"
    tag = client.get(url)["ETag"]
    caller("ght_rssi").post(f"{url}/take", content_type="application/json", headers=new_key())

    answer = client.post(
        f"{url}/declare", content_type="application/json", headers={**new_key(), "if-match": tag}
    )

    assert answer.status_code == 412
    assert client.get(url).json()["state"] == "taken"


@pytest.mark.parametrize("header", ["W/{}", '"autre"', "illisible"])
def test_a_weak_or_foreign_tag_does_not_match(header: str) -> None:
    request = RequestFactory().post("/", headers={"if-match": header.format(etag_of(b"x"))})

    with pytest.raises(ProblemError):
        check_unchanged(request, b"x")


def test_accents_are_sent_as_they_are() -> None:
    written = JsonRenderer().render(RequestFactory().get("/"), {"a": "é"}, response_status=200)

    assert written == '{"a": "é"}'.encode()
