"""HTML, EPUB, MHTML: elements become lines."""
