"""Invented establishments in the published formats; the numbers have a right key."""

from __future__ import annotations

from hygie.vocabulary.finess import finess_key

HOSPITAL = f"99000001{finess_key('99000001')}"
HOSPITAL_ENTITY = f"99000002{finess_key('99000002')}"
CLINIC = f"99000003{finess_key('99000003')}"
CLINIC_ENTITY = f"99000004{finess_key('99000004')}"


def etalab_line(**fields: str) -> str:
    """Return a line of an extract: an invented hospital, with some fields replaced."""
    values = {
        "section": "structureet",
        "et": HOSPITAL,
        "ej": HOSPITAL_ENTITY,
        "rs": "CH DE VALBRUME",
        "rslongue": "CENTRE HOSPITALIER DE VALBRUME",
        "complrs": "",
        "compldistrib": "",
        "numvoie": "1",
        "typvoie": "R",
        "voie": "DES ORMES",
        "compvoie": "",
        "lieuditbp": "BP 1",
        "commune": "004",
        "departement": "2A",
        "libdepartement": "CORSE-DU-SUD",
        "ligneacheminement": "20000 VALBRUME CEDEX",
        "telephone": "0100000000",
        "telecopie": "",
        "categetab": "355",
        "libcategetab": "Centre Hospitalier (C.H.)",
        "categagretab": "1102",
        "libcategagretab": "Centres Hospitaliers",
        "siret": "00000000000000",
        "codeape": "8610Z",
        "codemft": "03",
        "libmft": "ARS",
        "codesph": "1",
        "libsph": "Etablissement public de santé",
        "dateouv": "1979-02-13",
        "dateautor": "1979-02-13",
        "datemaj": "2020-02-04",
        "numuai": "",
    }
    return ";".join((values | fields).values())


def etalab_lines(*lines: str, encoding: str = "utf-8") -> bytes:
    """Return an extract of these lines."""
    return "\n".join(["finess;etalab;111;2026-05-12", *lines, ""]).encode(encoding)
