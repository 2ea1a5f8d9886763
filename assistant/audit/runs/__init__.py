"""Audits run, kept in folders, broken off and taken up again."""
