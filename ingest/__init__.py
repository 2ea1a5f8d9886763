"""Documents become searchable."""
