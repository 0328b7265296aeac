"""Interchange formats to and from dataclasses."""
