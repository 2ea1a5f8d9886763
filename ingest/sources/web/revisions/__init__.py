"""Revisions of the web pages, run in turn by ``kb.store.migrate``. What is written here is never changed again."""
