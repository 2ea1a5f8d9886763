"""Pages: text with its place on the page becomes columns, tables, lines; PDF and OCR stand on it."""
