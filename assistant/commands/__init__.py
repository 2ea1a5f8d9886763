"""Commands and options that more than one part of the command line needs."""
