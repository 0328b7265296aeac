"""The command `hygie`: one file a group of commands."""
