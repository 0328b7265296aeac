"""The journal, as far as the reader's scope goes."""
