"""What the world knows, matched with each estate."""
