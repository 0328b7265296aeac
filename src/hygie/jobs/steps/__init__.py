"""The seven steps of the round, one file each: what is gathered, then what is written."""
