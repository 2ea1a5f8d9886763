"""HTML, Markdown, EPUB: elements become lines."""
