"""Rounds: what was done, what failed and why."""
