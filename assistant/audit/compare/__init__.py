"""Two audits side by side, and what a load changes in the answers."""
