"""Facts and context to a judgement, a decision, a deadline and its reasons."""
