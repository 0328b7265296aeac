"""The state of each round, item by item."""
