"""Pages of surveillance: what the Internet sees, names proposed, reports, emergency stop."""
