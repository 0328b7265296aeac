"""Identifiers, enumerations, units and base errors: standard library only."""
