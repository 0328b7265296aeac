"""Append-only, hash-chained trace of every write."""
