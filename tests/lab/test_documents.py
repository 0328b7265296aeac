from __future__ import annotations

import pytest

from hygie.lab.documents import read_document


@pytest.mark.parametrize("name", ["territory.yaml", "estate.yaml", "network.yaml"])
def test_each_document_of_the_lab_reads(name: str) -> None:
    assert read_document(name)


def test_dates_come_as_dates_and_finess_numbers_as_text() -> None:
    document = read_document("territory.yaml")

    assert document["memberships"][0]["from"].year == 2016
    assert all(isinstance(row["finess"], str) for row in document["establishments"])
