"""Readers of files that people have: each turns one format into neutral records and knows nothing of an estate."""
