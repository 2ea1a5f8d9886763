"""Words, numbers and facts of English and Chinese: the ground that search, answers and checks stand on."""
