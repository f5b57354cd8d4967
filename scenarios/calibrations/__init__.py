"""Durations and rates learned from earlier runs or a vault, with their errors."""
