"""What the Internet sees of each establishment."""
