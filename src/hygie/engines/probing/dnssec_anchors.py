"""The keys of the root of the DNS, from which every DNSSEC chain starts. Data.

Source: https://data.iana.org/root-anchors/root-anchors.xml (key tags 20326 of 2017 and 38696 of
2024). Rolled over every few years, announced a year ahead.
"""

from __future__ import annotations

from typing import Final

ROOT_ANCHORS: Final = (
    ". DS 20326 8 2 E06D44B80B8F1D39A95C0B0D7C65D08458E880409BBC683457104237C7F8EC8D",
    ". DS 38696 8 2 683D2D0ACB8C9B712A1948B27F741219298D0A450D612C483AF444A4C0FB2B16",
)
