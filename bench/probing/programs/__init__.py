"""What runs in processes of its own: small servers, and peers that have no command line."""
