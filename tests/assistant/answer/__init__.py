"""Tests of how replies are put together."""
