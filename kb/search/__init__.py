"""Rank, fuse, explain."""
