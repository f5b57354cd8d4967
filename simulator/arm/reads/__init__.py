"""Requests that only look, and how what they show is written."""
