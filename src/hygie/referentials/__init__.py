"""Law and good practice as dated data, with source and confidence."""
