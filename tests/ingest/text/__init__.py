"""Tests of clean lines and inline text."""
