"""What is published about vulnerabilities, by the world; by our analysts, later."""
