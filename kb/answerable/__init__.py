"""How likely a hit answers the question."""
