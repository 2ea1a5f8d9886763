"""Claims against their sources."""
