"""Revisions of the catalogue, run in turn by ``kb.store.migrate``. What is written here is never changed again."""
