"""Run inside the peers' environment: the same join by DuckDB and Polars, pairs out.

Arguments: folder with components.parquet (component, product, position) and criteria.parquet
(product, low, high, cve), number of repeats. Prints JSON: for each engine, times and pairs.
"""

from __future__ import annotations

import json
import os
import sys
import time

import duckdb
import polars as pl

SQL = """
SELECT DISTINCT c.component, s.cve FROM components c JOIN criteria s
ON c.product = s.product AND c.position >= s.low AND c.position < s.high
"""


def by_duckdb(folder: str):  # noqa: ANN201 - runs where types are not checked
    """Prepare, and return the join to time."""
    connection = duckdb.connect()
    connection.execute("SET threads = 2")
    for name in ("components", "criteria"):
        connection.execute(
            f"CREATE TABLE {name} AS SELECT * FROM read_parquet('{folder}/{name}.parquet')"  # noqa: S608
        )
    return lambda: connection.execute(SQL).to_arrow_table().num_rows


def by_polars(folder: str):  # noqa: ANN201 - as above
    """Prepare, and return the join to time."""
    components = pl.read_parquet(f"{folder}/components.parquet")
    criteria = pl.read_parquet(f"{folder}/criteria.parquet")

    def run() -> int:
        joined = (
            components.lazy()
            .join(criteria.lazy(), on="product")
            .filter((pl.col("position") >= pl.col("low")) & (pl.col("position") < pl.col("high")))
        )
        return joined.select("component", "cve").unique().collect().height

    return run


def main(folder: str, repeats: str) -> None:
    """Time each engine."""
    results = {}
    for name, prepare in (("DuckDB", by_duckdb), ("Polars", by_polars)):
        run = prepare(folder)
        times, pairs = [], 0
        for _ in range(int(repeats)):
            started, before = time.perf_counter(), os.times()
            pairs = run()
            after = os.times()
            work = after.user + after.system - before.user - before.system
            times.append([time.perf_counter() - started, work])
        results[name] = {"times": times, "pairs": pairs}
    print(json.dumps(results))


main(*sys.argv[1:])
