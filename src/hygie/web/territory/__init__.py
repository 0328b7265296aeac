"""The territory: search, the tree, one establishment."""
