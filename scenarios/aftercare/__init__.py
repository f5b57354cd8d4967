"""Did everything come home, and what is left to do? The next day and a week later. Read-only."""
