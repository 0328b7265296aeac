"""A small invented hospital on loopback, for the demonstration and the tests."""
