"""Readers of the official formats of vulnerability sources, one module a format.

Pure: bytes or a stream in, the records of ``corpus.records`` out. ``detect`` tells which
reader a file needs.
"""
