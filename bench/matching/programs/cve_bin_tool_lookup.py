"""Run inside the peers' environment: cve-bin-tool's scanner over components, timed.

Arguments: database, components (TSV: vendor, product, version), output (JSON).
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

from cve_bin_tool.cve_scanner import CVEScanner
from cve_bin_tool.util import ProductInfo


def main(database: str, components: str, output: str) -> None:
    """Look every component up and write seconds and CVEs found."""
    CVEScanner.dbname = database
    listed = [line.split("\t") for line in Path(components).read_text().splitlines()]
    found: dict[str, list[str]] = {}
    started, worked = time.perf_counter(), time.process_time()
    with CVEScanner() as scanner:
        for vendor, product, version in listed:
            info = ProductInfo(vendor, product, version, "", None)
            scanner.get_cves(info, {"paths": {""}})
            cves = scanner.all_cve_data[info]["cves"] if info in scanner.all_cve_data else []
            found[f"{vendor}\t{product}\t{version}"] = [cve.cve_number for cve in cves]
    times = [time.perf_counter() - started, time.process_time() - worked]
    Path(output).write_text(json.dumps({"times": times, "found": found}))


main(*sys.argv[1:])
