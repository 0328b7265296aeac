"""Prepared measures, the picture at each level."""
