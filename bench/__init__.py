"""Measured goals, each beside its peers: `python -m bench`."""
