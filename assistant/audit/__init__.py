"""Audits: how well answers are grounded, in numbers that stand up, and what changed since the last load."""
