"""Machine surfaces: one file a surface."""
