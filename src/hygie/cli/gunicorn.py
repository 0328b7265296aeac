"""Serve the site with gunicorn from this very process."""

from __future__ import annotations

import os
import tempfile
from typing import Any

from gunicorn.app.base import BaseApplication
from gunicorn.util import import_app


class _Site(BaseApplication):  # type: ignore[misc] # gunicorn is untyped
    """gunicorn, told everything by us: no configuration file, no command line."""

    def __init__(self, options: dict[str, Any]) -> None:
        self._options = options
        super().__init__()

    def load_config(self) -> None:
        """Give gunicorn our options."""
        for name, value in self._options.items():
            self.cfg.set(name, value)

    def load(self) -> Any:  # noqa: ANN401 - a WSGI callable
        """Return the application, made in each worker."""
        return import_app("hygie.config.wsgi:application")


def serve_site(bind: str, *, workers: int) -> None:
    """Serve until interrupted; ``bind`` is ``host:port``."""
    # Without a place in common each worker would count its own requests only.
    with tempfile.TemporaryDirectory(prefix="hygie-metrics-") as folder:
        os.environ.setdefault("PROMETHEUS_MULTIPROC_DIR", folder)
        _serve(bind, workers)


def _serve(bind: str, workers: int) -> None:
    _Site(
        {
            "bind": bind,
            "workers": workers,
            "threads": 4,
            "timeout": 60,
            "limit_request_line": 4094,
            "control_socket_disable": True,
            "proc_name": "hygie",
        }
    ).run()
