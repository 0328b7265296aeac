"""How long a corpus takes to build, open and answer, on real sources."""
