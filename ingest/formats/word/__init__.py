"""Word documents and rich text."""
