"""PostgreSQL's row-level security: the database itself gives each asker their rows, no others."""
