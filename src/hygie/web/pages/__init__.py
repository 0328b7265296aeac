"""Pages about the site itself, and the choice of language."""
