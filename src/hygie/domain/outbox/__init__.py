"""E-mails to be sent, sent, and those that could not be."""
