"""Pages and sitemaps: addresses checked and pinned, fetched, kept."""
