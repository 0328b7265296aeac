from __future__ import annotations

import dataclasses
import datetime as dt
import json

import pytest
from cyclonedx.model.bom import Bom

from hygie.lab.estate import LabAsset, load_estates
from hygie.lab.sbom import render_sbom
from hygie.vocabulary.cpe import parse_cpe
from hygie.vocabulary.purl import parse_purl

ASSETS = [asset for estate in load_estates(today=dt.date(2026, 11, 24)) for asset in estate.assets]
DESCRIBED = [pytest.param(asset, id=asset.sbom) for asset in ASSETS if asset.sbom]


def test_five_applications_have_an_sbom() -> None:
    assert len(DESCRIBED) == 5


@pytest.mark.parametrize("asset", DESCRIBED)
def test_an_independent_reader_finds_the_application_and_its_components(asset: LabAsset) -> None:
    document = json.loads(render_sbom(asset))

    bom = Bom.from_json(document)  # type: ignore[attr-defined]

    assert bom.metadata.component.name == asset.model
    assert len(bom.components) == len(document["components"]) >= 6
    assert all(component.purl is not None for component in bom.components)


@pytest.mark.parametrize("asset", DESCRIBED)
def test_every_component_has_identifiers_that_read(asset: LabAsset) -> None:
    for component in json.loads(render_sbom(asset))["components"]:
        assert parse_purl(component["purl"]).version == component["version"]
        if "cpe" in component:
            parse_cpe(component["cpe"])


def test_the_same_asset_gives_the_same_bytes() -> None:
    [asset] = [asset for asset in ASSETS if asset.sbom == "portail-patient"]

    assert render_sbom(asset) == render_sbom(asset)
    assert b"log4j-core@2.14.1" in render_sbom(asset)


def test_an_asset_without_sbom_is_refused() -> None:
    with pytest.raises(KeyError):
        render_sbom(dataclasses.replace(ASSETS[0], sbom=None))


def test_every_cpe_of_the_estates_reads() -> None:
    assert all(parse_cpe(asset.cpe).part in "aoh" for asset in ASSETS if asset.cpe)
