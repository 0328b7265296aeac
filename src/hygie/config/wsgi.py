"""The WSGI application that gunicorn serves."""

from __future__ import annotations

import os

from django.core.wsgi import get_wsgi_application

from hygie.domain.people.rowsecurity.scope import NOBODY, process_speaks

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hygie.config.settings")
application = get_wsgi_application()
# The command that serves the site asks for the platform; what it serves asks for each visitor.
process_speaks(NOBODY)
