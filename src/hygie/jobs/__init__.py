"""What runs in the background: the round runner."""
