"""What is derived from the database and can be thrown away: lexical and vector indexes in published folders."""
