from __future__ import annotations

from tests.engines.exchange.bulletins.samples import bulletin

from hygie.engines.exchange.bulletins.csaf_flaws import vulnerabilities
from hygie.engines.exchange.bulletins.csaf_products import ProductTree
from hygie.engines.exchange.bulletins.document import Flaw


def written(flaw: Flaw) -> dict[str, object]:
    one = bulletin(flaws=(flaw,))
    [found] = vulnerabilities(one, ProductTree(one.products))
    return found


def test_a_vector_that_csaf_2_0_knows_is_a_score() -> None:
    vector = "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"
    [score] = written(Flaw("CVE-2026-99901", vector))["scores"]  # type: ignore[misc]

    assert (score["cvss_v3"]["baseScore"], score["products"]) == (
        9.8,
        ["HYG-0001", "HYG-0002", "HYG-0004"],
    )


def test_a_later_or_broken_vector_stands_in_a_note() -> None:
    for vector in ("CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N", "AV:x"):
        found = written(Flaw("CVE-2026-99901", vector))
        assert "scores" not in found
        assert found["notes"][-1]["text"] == vector  # type: ignore[index]


def test_a_product_without_fix_gets_the_measure_and_not_the_word_none() -> None:
    remedies = written(Flaw("CVE-2026-99901"))["remediations"]

    assert [(one["category"], one["product_ids"]) for one in remedies] == [  # type: ignore[attr-defined]
        ("vendor_fix", ["HYG-0001", "HYG-0002"]),
        ("workaround", ["HYG-0001", "HYG-0002", "HYG-0004"]),
    ]
