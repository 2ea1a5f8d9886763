"""A message and its conversation become what is searched."""
