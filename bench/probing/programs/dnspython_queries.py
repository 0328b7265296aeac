"""Ask by dnspython's asynchronous resolver: ``python -m ...dnspython_queries PORT COUNT AT_ONCE``.

dnspython reads every record, follows aliases and raises for what is absent, as a program that
uses it would want.
"""

from __future__ import annotations

import asyncio
import json
import sys

import dns.asyncresolver

from bench.probing.ours import questions


async def ask(port: int, count: int, at_once: int) -> int:
    """Put ``count`` questions, ``at_once`` under way; return how many got records."""
    resolver = dns.asyncresolver.Resolver(configure=False)
    resolver.nameservers = ["127.0.0.1"]
    resolver.port = port
    waiting = iter(questions(count))
    found = 0

    async def worker() -> None:
        nonlocal found
        for name, kind in waiting:
            answer = await resolver.resolve(f"{name}.", kind, raise_on_no_answer=False)
            found += answer.rrset is not None

    await asyncio.gather(*(worker() for _ in range(at_once)))
    return found


def main() -> None:
    """Print how many were asked and how many answered."""
    port, count, at_once = map(int, sys.argv[1:])
    print(json.dumps({"asked": count, "found": asyncio.run(ask(port, count, at_once))}))


if __name__ == "__main__":
    main()
