"""OpenDocument texts and presentations, and the archive that all of them are."""
