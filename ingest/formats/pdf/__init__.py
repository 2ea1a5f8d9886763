"""PDF files become pages."""
