"""From which probability on to answer."""
