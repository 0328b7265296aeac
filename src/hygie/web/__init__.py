"""Pages: one folder a domain, French first, working without JavaScript."""
