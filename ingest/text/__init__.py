"""Bytes become clean lines."""
