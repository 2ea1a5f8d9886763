"""Markdown and what documentation programs add to it, written as HTML and read as a page is."""
