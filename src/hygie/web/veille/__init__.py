"""Pages about what the world knows and whom it concerns."""
