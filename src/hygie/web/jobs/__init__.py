"""Background work: what runs, what waits, what failed and why."""
