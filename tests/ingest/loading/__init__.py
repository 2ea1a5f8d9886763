"""From files to chunks in the next version."""
