from __future__ import annotations

import json

from hygie.lab.care_pages import CARE_PAGES


def test_a_statement_says_its_security_or_none() -> None:
    secured, bare = (json.loads(CARE_PAGES["/fhir/metadata"](k).body) for k in ("secured", "open"))

    assert secured["rest"][0]["security"]["service"][0]["coding"][0]["code"] == "SMART-on-FHIR"
    assert "security" not in bare["rest"][0]


def test_a_search_names_nobody() -> None:
    assert json.loads(CARE_PAGES["/dicom-web/studies"]("open").body) == []
