"""What the process tells about itself: ECS JSON on stdout, and RFC 5424 over TLS to a SIEM."""
