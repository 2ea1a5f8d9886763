"""Folders, `faq.toml`, the web: where files come from."""
