"""Tests of what must not get in, nor out."""
