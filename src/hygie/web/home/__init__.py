"""The first page: one question a role, answered in its first line."""
