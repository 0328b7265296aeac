"""What a file says, in the terms of the territory."""

from __future__ import annotations

import datetime as dt

from tests.domain.territory.files import FIRST, Site, finess, ght, ghts

from hygie.domain.territory.incoming import describe, time_zone_of
from hygie.domain.territory.models import EdgeRole
from hygie.domain.territory.placing import Key, Membership
from hygie.vocabulary.enums import NodeKind

SITE, ENTITY = "990100109", "990000101"


def test_a_site_fills_only_the_columns_that_the_file_fills() -> None:
    incoming = describe(finess(Site(SITE, line=12)), as_of=FIRST)

    described = incoming.nodes[Key(NodeKind.ET, SITE)]
    assert described.line == 12
    assert described.details["commune"] == "Val-d’Hygie"
    assert described.details["time_zone"] == "Europe/Paris"
    assert not {"beds", "siret", "phone", "opened_on"} & described.details.keys()


def test_an_entity_known_by_number_is_named_after_its_group_entry_else_its_first_site() -> None:
    key = Key(NodeKind.EJ, ENTITY)
    file = finess(Site(SITE, name="Premier site"), Site("990100208", name="Second site"))

    assert describe(file, as_of=FIRST).nodes[key].fallback_name == "Premier site"
    named = describe(file, as_of=FIRST, groups=ghts(ght("G1", ENTITY)))
    assert named.nodes[key].fallback_name == f"CH {ENTITY}"
    assert named.membership_of == {ENTITY: Membership("G1", EdgeRole.SUPPORT)}


def test_a_site_closed_before_the_day_is_not_open_and_one_closed_after_is() -> None:
    key = Key(NodeKind.ET, SITE)
    before, after = FIRST - dt.timedelta(days=1), FIRST + dt.timedelta(days=1)

    closed = describe(finess(Site(SITE, closed_on=before)), as_of=FIRST)
    still_open = describe(finess(Site(SITE, closed_on=after)), as_of=FIRST)

    assert closed.closed == {key: before}
    assert key not in closed.nodes
    assert key in still_open.nodes


def test_a_name_longer_than_its_column_is_cut() -> None:
    incoming = describe(finess(Site(SITE, name="x" * 500)), as_of=FIRST)

    assert len(incoming.nodes[Key(NodeKind.ET, SITE)].name) == 200


def test_problems_of_both_files_count() -> None:
    incoming = describe(finess(Site(SITE), problems=2), as_of=FIRST, groups=ghts(ght("G1")))

    assert incoming.problem_count == len(incoming.problems) == 2
    assert incoming.lines_read == 4


def test_overseas_lives_by_its_own_time() -> None:
    assert time_zone_of("04") == "Indian/Reunion"
    assert time_zone_of("01", "978") == "America/Marigot"
    assert time_zone_of("", "988") == "Pacific/Noumea"
    assert time_zone_of("84") == "Europe/Paris"
