"""Tests of how lines become sections."""
