import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hygie.engines.corpus.formats.names import (
    MAX_ALIASES,
    aliases_of,
    named_identity,
    product_spellings,
    vendor_spellings,
)


@pytest.mark.parametrize(
    ("vendor", "wanted"),
    [
        ("Becton, Dickinson and Company (BD)", "bd"),
        ("Hillrom and ELI, Baxter International Inc.", "baxter"),
        ("Silex Technology and GE Healthcare", "ge_healthcare"),
        ("B. Braun Melsungen AG", "b._braun"),
        ("Natus Medical, Inc. (Natus)", "natus"),
        ("Medtronic ", "medtronic"),
        ("Phillips", "philips"),
        ("Becton, Dickinson and Company", "becton_dickinson"),
    ],
)
def test_a_vendor_is_found_by_the_name_hospitals_use(vendor: str, wanted: str) -> None:
    assert wanted in vendor_spellings(vendor)


@pytest.mark.parametrize(
    ("vendor", "product", "wanted"),
    [
        ("BD", "BD Alaris Point-of-Care Unit (PCU) Model 8015", "alaris_pcu_8015"),
        ("BD", "BD Alaris Point-of-Care Unit (PCU) Model 8015", "alaris_point-of-care_unit_8015"),
        ("Philips", "Philips Vue PACS", "vue_pacs"),
        ("Philips", "PageWriter TC10 TC20 TC30 Cardiographs", "pagewriter_tc30"),
        (
            "Philips",
            "Avalon Fetal/Maternal Monitors FM20/FM30",
            "avalon_fetal_maternal_monitors_fm30",
        ),
        ("Baxter", "Welch Allyn Connex Spot Monitor (CSM)", "csm"),
    ],
)
def test_a_product_is_found_by_the_name_hospitals_use(
    vendor: str, product: str, wanted: str
) -> None:
    assert wanted in product_spellings(product, vendor_spellings(vendor))


def test_an_identity_does_not_repeat_its_vendor() -> None:
    assert named_identity("Microsoft", "Microsoft Office LTSC") == "microsoft/office_ltsc"
    assert named_identity("Phillips", "Philips Vue PACS") == "philips/vue_pacs"
    assert named_identity("Nagios", "Nagios") == "nagios/nagios"


def test_every_alias_keeps_the_vendor() -> None:
    aliases = list(
        aliases_of("Acme (AC)", ["Acme Pump (P9)", "Model 12"], "acme_(ac)/acme_pump_(p9)")
    )
    assert ("ac/pump", "acme_(ac)/acme_pump_(p9)") in aliases
    assert all("/" in alias for alias, _ in aliases)
    assert list(aliases_of("", ["Pump"], "/pump")) == []


@given(st.text(max_size=40), st.lists(st.text(max_size=60), max_size=3))
@settings(max_examples=200)
def test_any_names_give_few_aliases(vendor: str, products: list[str]) -> None:
    aliases = list(aliases_of(vendor, products, "a/b"))
    assert len(aliases) <= MAX_ALIASES
    assert len(set(aliases)) == len(aliases)


def test_an_endless_name_gets_no_alias() -> None:
    assert list(aliases_of("Acme", ["A1/" * 100_000], "acme/x")) == []
