from __future__ import annotations

import pytest
from tests.domain.places import NOW, make_site, make_user
from tests.domain.veille.test_declaring import FLAW, flaw

from hygie.domain.estate.models import Asset, Installed, Product
from hygie.domain.findings.models import State
from hygie.domain.territory.models import Node
from hygie.domain.veille.concerning import Answer, Concern, Why, concerns
from hygie.domain.veille.models import Advisory, Cve, Match
from hygie.vocabulary.enums import Role, VerdictStatus

pytestmark = pytest.mark.django_db


def advisory(*cves: str, vendor: str = "Acme", **content: object) -> Advisory:
    return Advisory.objects.create(
        kind="certfr-avis",
        reference=f"CERTFR-2099-AVI-{Advisory.objects.count():04}",
        title="Vulnérabilité",
        cve_ids=list(cves),
        content={"products": [{"vendor": vendor, "text": "Essai"}] if vendor else [], **content},
        sha256="0" * 64,
        came_at=NOW,
        changed_at=NOW,
    )


def install(site: Node, vendor: str = "Autre", name: str = "Essai") -> Product:
    asset = Asset.objects.create(node=site, kind="device", name=f"A-{name}", added_at=NOW)
    product = Product.objects.create(key=f"{vendor}{name}", vendor=vendor, name=name, version="1")
    Installed.objects.create(node=site, asset=asset, product=product, added_at=NOW)
    return product


def answer(site: Node, about: Advisory) -> Concern:
    return concerns(make_user(Role.RSSI, site), [about])[about.pk]


def test_it_concerns_those_who_have_the_weakness_and_counts_assets_once() -> None:
    site = make_site()
    flaw(site, facts={"exposed": True})
    flaw(site, "Secours")
    flaw(make_site("CH Voisin"))

    found = answer(site, advisory(FLAW))

    assert (found.answer, found.why) == (Answer.CONCERNED, Why.FINDINGS)
    assert (found.assets, found.exposed, found.places) == (2, 1, 1)


def test_a_place_narrows_what_a_wide_reader_is_told() -> None:
    site, other = make_site(), make_site("CH Voisin")
    flaw(site)
    flaw(other)
    nation = Node.objects.get(kind="nation")
    user, about = make_user(Role.CERT_ANALYST, nation), advisory(FLAW)

    assert concerns(user, [about])[about.pk].places == 2
    assert concerns(user, [about], node_id=site.pk)[about.pk].places == 1


def test_an_open_verdict_is_perhaps_with_its_reason() -> None:
    site = make_site()
    product = install(site)
    cve = Cve.objects.create(cve_id=FLAW)
    Match.objects.create(
        product=product,
        cve=cve,
        status=VerdictStatus.UNKNOWN,
        reason="version absente de l’inventaire",
        identity="autre/essai",
        source="nvd",
        confidence=1,
    )

    found = answer(site, advisory(FLAW))

    assert (found.answer, found.why, found.assets) == (Answer.PERHAPS, Why.OPEN_VERDICT, 1)
    assert found.detail == "Essai : version absente de l’inventaire"


def test_what_is_declared_not_affected_does_not_concern() -> None:
    site = make_site()
    flaw(site, state=State.SET_ASIDE, closed_at=NOW)

    assert answer(site, advisory(FLAW))[:2] == (Answer.NOT, Why.SET_ASIDE)


def test_an_estate_without_the_product_is_not_concerned_and_an_empty_one_does_not_know() -> None:
    site, empty = make_site(), make_site("CH Vide")
    install(site)
    about = advisory(FLAW)

    assert answer(site, about)[:2] == (Answer.NOT, Why.NO_PRODUCT)
    assert answer(empty, about)[:2] == (Answer.UNKNOWN, Why.NO_ESTATE)


@pytest.mark.parametrize(
    ("vendor", "expected"),
    [
        pytest.param("ACME", (Answer.PERHAPS, Why.SAME_VENDOR, 1), id="ours"),
        pytest.param("Inconnue", (Answer.NOT, Why.NO_PRODUCT, 0), id="another"),
        pytest.param("", (Answer.PERHAPS, Why.NOTHING_READABLE, 0), id="none named"),
    ],
)
def test_without_cve_the_vendor_decides(vendor: str, expected: tuple[object, ...]) -> None:
    site = make_site()
    install(site, vendor="Acme")

    assert answer(site, advisory(vendor=vendor))[:3] == expected


def test_a_page_costs_the_same_queries_whatever_its_length(
    django_assert_max_num_queries: object,
) -> None:
    site = make_site()
    flaw(site)
    user, rows = make_user(Role.RSSI, site), [advisory(FLAW) for _ in range(20)]

    with django_assert_max_num_queries(5):  # type: ignore[operator]
        assert len(concerns(user, rows)) == 20
