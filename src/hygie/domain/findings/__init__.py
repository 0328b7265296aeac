"""Every weakness, whatever found it, in one life cycle."""
