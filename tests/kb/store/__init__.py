"""The database, the truth."""
