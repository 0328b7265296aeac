"""When the silence of a port is an answer: it was open, and a firewall now hides it.

Nobody can tell a dropped packet from a dead line by one silence. Here a port counts as filtered,
hence closed to strangers, only when all of this holds (docs/decisions/0009):

1. it was seen open before, and its last round was silence too (``Target.silent``);
2. it stays silent through TRIES more connections in this pass, PAUSE_S apart;
3. another port of the same address accepts a connection before and after them: the machine is
   there and does not refuse us as a whole. A refusal is no witness: firewalls send refusals for
   machines that are off.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final

from hygie.engines.probing.errors import ForbiddenError, ProbeError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hygie.engines.probing.reach import Network

TRIES: Final = 2
PAUSE_S: Final = 1.0
WITNESSES_MAX: Final = 2


async def is_filtered(
    host: str, port: int, witnesses: Sequence[int], network: Network, *, address: str
) -> bool:
    """Tell whether ``port`` is hidden while ``host`` is there.

    Args:
        host: the machine, by its name.
        port: the silent port.
        witnesses: ports that accepted a connection in this pass.
        network: what connects.
        address: where the machine was found in this pass.

    Raises:
        ForbiddenError: if the guard refuses.
    """
    if not await _is_there(host, witnesses, network, address):
        return False
    for _ in range(TRIES):
        await asyncio.sleep(PAUSE_S)
        if not await _is_silent(host, port, network, address):
            return False
    return await _is_there(host, witnesses, network, address)


async def _is_there(host: str, ports: Sequence[int], network: Network, address: str) -> bool:
    for port in ports[:WITNESSES_MAX]:
        try:
            (await network.open(host, port, address=address)).close()
        except ForbiddenError:
            raise
        except (ProbeError, OSError):
            continue
        return True
    return False


async def _is_silent(host: str, port: int, network: Network, address: str) -> bool:
    try:
        (await network.open(host, port, address=address)).close()
    except TimeoutError:
        return True
    except ForbiddenError:
        raise
    except (ProbeError, OSError):
        return False
    return False
