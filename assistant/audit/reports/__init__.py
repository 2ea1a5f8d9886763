"""Audits as pages, Markdown, JSON and CSV."""
