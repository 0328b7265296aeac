"""The queues, by name: a worker may serve one of them only."""

from __future__ import annotations

from typing import Final

ROUNDS: Final = "rondes"
MAILS: Final = "courriels"
