"""Call one host politely, many times, from a process of its own.

A script for the politeness test: ``python calling.py DATABASE CALLS LOG``. Writes one line a call;
CALLS of -1 takes a place, says which, and keeps it until it is killed.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from pathlib import Path

from psycopg.conninfo import conninfo_to_dict

from hygie.jobs.politeness import Grip, SharedPlaces, SharedPoliteness

ADDRESS = "192.0.2.9"


async def call(bounds: SharedPoliteness, log: Path) -> None:
    leave = await bounds.turn(ADDRESS)
    started = time.monotonic()
    await asyncio.sleep(0.03)
    ended = time.monotonic()
    leave()
    with log.open("a") as file:
        file.write(json.dumps({"from": started, "to": ended}) + "\n")


async def main(database: str, calls: int, log: Path) -> None:
    places = SharedPlaces(conninfo_to_dict(database))
    if calls < 0:
        name = "hygie-test-kept"
        places.take([[name]], Grip())
        log.write_text(json.dumps({"place": name}))  # noqa: ASYNC240 - alone in its process
        time.sleep(60)  # noqa: ASYNC251 - it does nothing else until it is killed
    bounds = SharedPoliteness(per_host=2, interval_s=0.02, places=places)
    await asyncio.gather(*(call(bounds, log) for _ in range(calls)))
    places.close()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], int(sys.argv[2]), Path(sys.argv[3])))
