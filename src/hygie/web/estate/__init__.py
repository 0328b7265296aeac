"""The estate of an establishment and its mandates."""
