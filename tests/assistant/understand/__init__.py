"""What is asked, beside and before the question."""
