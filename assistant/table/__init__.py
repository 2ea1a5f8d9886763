"""Table rows as answers: the fields asked for, the row that a number falls into, and how it is read out."""
