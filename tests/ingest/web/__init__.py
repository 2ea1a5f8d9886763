"""Web pages as sources."""
