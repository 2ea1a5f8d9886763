"""Words of English and Chinese, and what they do in a sentence."""
