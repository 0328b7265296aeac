"""Settings, URLs and WSGI: read the environment once, wire the rest."""
