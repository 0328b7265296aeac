"""Django apps: models, queries (read), actions (write), access (who)."""
