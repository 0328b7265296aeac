"""Typed client of the Hygie API: ``Client``, its errors, the shapes of its answers."""

from hygie_client.client import Client, Read
from hygie_client.errors import (
    ApiError,
    ConflictError,
    NotFoundError,
    StaleError,
    TooManyRequestsError,
)

__all__ = [
    "ApiError",
    "Client",
    "ConflictError",
    "NotFoundError",
    "Read",
    "StaleError",
    "TooManyRequestsError",
]
