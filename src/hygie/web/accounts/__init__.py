"""Signing in: allauth's pages in the State's design, one-click accounts in demonstration."""
