"""Findings: the list, one finding with its reasons, and what people do about it."""
