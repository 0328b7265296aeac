"""What an establishment runs, and what may be probed."""
