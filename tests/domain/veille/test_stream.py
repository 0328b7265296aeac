from __future__ import annotations

import datetime as dt

import pytest
from django.http import Http404
from tests.domain.places import NOW, make_site, make_user
from tests.domain.veille.test_concerning import advisory
from tests.domain.veille.test_declaring import FLAW, flaw

from hygie.domain.veille.models import Advisory, AdvisoryCve
from hygie.domain.veille.stream import (
    MONTHS,
    Change,
    StreamFilters,
    advisory_for,
    by_month,
    differences,
    listed,
)
from hygie.vocabulary.enums import Role

pytestmark = pytest.mark.django_db


def named(*cves: str, **fields: object) -> Advisory:
    made = advisory(*cves)
    AdvisoryCve.objects.bulk_create(AdvisoryCve(advisory=made, cve_id=cve) for cve in cves)
    Advisory.objects.filter(pk=made.pk).update(**fields)
    return Advisory.objects.get(pk=made.pk)


def test_the_stream_is_narrowed_by_source_text_day_and_concern() -> None:
    site = make_site()
    user = make_user(Role.RSSI, site)
    flaw(site)
    ours = named(FLAW, title="Faille de la passerelle", updated_on=dt.date(2026, 3, 2))
    named("CVE-2099-0009", kind="csaf", updated_on=dt.date(2026, 1, 2))

    def found(**asked: object) -> list[Advisory]:
        return list(listed(user, StreamFilters(**asked)))  # type: ignore[arg-type]

    assert len(found()) == 2
    assert found(concerned=True) == [ours]
    assert found(text="passerelle") == [ours]
    assert found(text=FLAW.lower()) == [ours]
    assert found(since=dt.date(2026, 2, 1)) == [ours]
    assert [one.kind for one in found(kind="csaf")] == ["csaf"]


def test_what_concerns_somebody_else_is_not_said_to_concern() -> None:
    site, neighbour = make_site(), make_site("CH Voisin")
    flaw(neighbour)
    named(FLAW)

    asked = StreamFilters(concerned=True)
    assert not listed(make_user(Role.RSSI, site), asked).exists()
    assert listed(make_user(Role.RSSI, neighbour), asked).exists()


def test_an_advisory_that_is_not_there_is_not_found() -> None:
    with pytest.raises(Http404):
        advisory_for(1)


def test_a_difference_tells_what_each_field_lost_and_gained() -> None:
    before = {"title": "A", "cve_ids": ["1", "2"], "products": [{"vendor": "V", "text": "P 1"}]}
    after = {"title": "A", "cve_ids": ["2", "3"], "products": [{"vendor": "V", "text": "P 2"}]}

    assert differences(before, after) == (
        Change("cve_ids", ("1",), ("3",)),
        Change("products", ("V – P 1",), ("V – P 2",)),
    )
    assert differences(after, after) == ()


def test_months_are_counted_without_gap() -> None:
    named(published_on=dt.date(2026, 3, 2))
    named(published_on=dt.date(2025, 12, 31))
    named(published_on=dt.date(2024, 1, 1))

    counts = by_month(on=NOW.date())

    assert len(counts) == MONTHS
    assert [month for month, _ in counts] == sorted(month for month, _ in counts)
    assert {month: n for month, n in counts if n} == {
        dt.date(2025, 12, 1): 1,
        dt.date(2026, 3, 1): 1,
    }
