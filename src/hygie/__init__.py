"""Hygie: the working platform of the French programme for cybersecurity in health."""

__version__ = "0.1.0"
