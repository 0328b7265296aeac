"""Components against the corpus: verdicts with their reasons."""
