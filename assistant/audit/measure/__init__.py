"""What is measured of an answer, and who judges it."""
