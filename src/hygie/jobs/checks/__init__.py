"""What `hygie doctor` and the health pages look at: one file a check, each with its remedy."""
