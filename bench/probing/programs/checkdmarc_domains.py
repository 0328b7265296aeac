"""Run checkdmarc in its own environment: ``python checkdmarc_domains.py PORT DOMAIN...``."""

from __future__ import annotations

import json
import sys

import checkdmarc
import dns.resolver


def main() -> None:
    """Check each domain by the name server on loopback; mail servers are not called."""
    port, *domains = sys.argv[1:]
    resolver = dns.resolver.Resolver(configure=False)
    resolver.nameservers = ["127.0.0.1"]
    resolver.port = int(port)
    found = checkdmarc.check_domains(domains, resolver=resolver) if domains else []
    results = found if isinstance(found, list) else [found]
    valid = sum(bool(result["dmarc"].get("valid")) for result in results)
    print(json.dumps({"asked": len(results), "valid": valid}))


if __name__ == "__main__":
    main()
