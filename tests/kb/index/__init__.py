"""What is derived from the database for searching, and that it agrees with it."""
