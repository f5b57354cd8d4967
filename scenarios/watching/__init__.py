"""Watching others bring the machines home: what a vault shows, what was planned, what is ahead. Nothing is changed."""
