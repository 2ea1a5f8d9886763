"""What of a document must not be read out: words that speak to a machine, unless a person has cleared them."""
