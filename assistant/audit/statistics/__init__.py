"""Intervals, agreement, correction by labels, comparison of pairs."""
