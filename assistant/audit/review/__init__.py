"""Sheets for people who review answers, and their labels back."""
