"""Pages of incidents: declare, follow, tell, run the crisis."""
