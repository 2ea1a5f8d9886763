"""What is found becomes what is said: quotes chosen, or sentences written and checked, with their citations."""
