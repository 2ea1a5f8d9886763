"""Questions become grounded answers."""
