"""Text, CSV, JSON."""
