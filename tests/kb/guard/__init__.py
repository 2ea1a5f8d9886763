"""Words that speak to a machine."""
