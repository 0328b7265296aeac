"""How long pages take over a million findings of 12,000 places, at 20 requests a second."""
