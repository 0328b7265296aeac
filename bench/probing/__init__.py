"""Probing measured beside its peers, on loopback only."""
